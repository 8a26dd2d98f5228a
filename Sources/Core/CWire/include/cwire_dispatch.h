// Picks the widest implementation that the processor has.
#pragma once

#include "cwire_avx2.h"
#include "cwire_avx512.h"
#include "cwire_neon.h"
#include "cwire_outline.h"
#include "cwire_resolve.h"
#include "cwire_scalar.h"
#include "cwire_sse2.h"

CWIRE_INLINE cwire_kernel cwire_kernel_scalar(void) {
    return (cwire_kernel){
        cwire_classify_scalar, cwire_equal_scalar, cwire_digits_scalar, cwire_escapable_scalar,
        cwire_utf8_scalar, cwire_prefix_xor,
    };
}

static inline size_t cwire_blocks_scalar(cwire_index *index, const uint8_t *block, size_t blocks) {
    return cwire_run(index, block, blocks, cwire_kernel_scalar());
}

static inline void cwire_judge_scalar(cwire_outline *outline) { cwire_judge(outline, cwire_kernel_scalar()); }

CWIRE_INLINE size_t cwire_blocks(cwire_index *index, const uint8_t *block, size_t blocks) {
#if defined(__x86_64__)
    if (cwire_has_avx2()) return cwire_blocks_avx2(index, block, blocks);
    return cwire_blocks_sse2(index, block, blocks);
#elif defined(__aarch64__)
    return cwire_blocks_neon(index, block, blocks);
#else
    return cwire_blocks_scalar(index, block, blocks);
#endif
}

// Judges on until the text ends, a doubt arises or there is no room for the tokens of another block.
CWIRE_INLINE void cwire_outline_advance(cwire_outline *outline) {
    outline->found = 0;
#if defined(__x86_64__)
    if (cwire_has_avx512()) {
        cwire_judge_avx512(outline);
    } else if (cwire_has_avx2()) {
        cwire_judge_avx2(outline);
    } else {
        cwire_judge_sse2(outline);
    }
#elif defined(__aarch64__)
    cwire_judge_neon(outline);
#else
    cwire_judge_scalar(outline);
#endif
}

// - starts: room for CWIRE_STARTS offsets.
static inline void cwire_begin(cwire_index *index, const uint8_t *source, size_t count, uint16_t *starts) {
    index->source = source;
    index->count = count;
    index->next = 0;
    index->carry = (cwire_carry){0};
    index->starts = starts;
    index->found = 0;
    index->backslashes = 0;
    index->faulty = false;
}

// Classifies the next batch and finds its token starts; returns the number of blocks in it, 0 at the end or
// after a faulty block.
//
// The last batch is always one padded block of spaces behind the bytes that are left, none perhaps, so that
// what is open at the end of the input is seen to be open.
static inline size_t cwire_advance(cwire_index *index) {
    index->found = 0;
    if (index->faulty || index->next > index->count) return 0;
    const size_t left = index->count - index->next;
    size_t blocks = left / CWIRE_BLOCK;
    if (blocks > CWIRE_BATCH) blocks = CWIRE_BATCH;
    size_t done;
    if (blocks > 0) {
        done = cwire_blocks(index, index->source + index->next, blocks);
    } else {
        memset(index->padded, ' ', CWIRE_BLOCK);
        memcpy(index->padded, index->source + index->next, left);
        done = cwire_blocks(index, index->padded, 1);
    }
    index->next += done * CWIRE_BLOCK;
    return done;
}
