// Picks the widest implementation that the processor has.
#pragma once

#include "cwire_resolve.h"
#include "cwire_scalar.h"

static inline size_t cwire_blocks_scalar(cwire_index *index, const uint8_t *block, size_t blocks) {
    for (size_t i = 0; i < blocks; i++, block += CWIRE_BLOCK) {
        cwire_masks masks;
        cwire_classify_scalar(block, &masks);
        const bool good = cwire_resolve(
            index, block, index->next + i * CWIRE_BLOCK, &masks, &index->marks[i], cwire_escapable_scalar,
            cwire_utf8_scalar, cwire_prefix_xor);
        if (!good) return i + 1;
    }
    return blocks;
}

CWIRE_INLINE size_t cwire_blocks(cwire_index *index, const uint8_t *block, size_t blocks) {
    return cwire_blocks_scalar(index, block, blocks);
}

static inline void cwire_begin(cwire_index *index, const uint8_t *source, size_t count) {
    index->source = source;
    index->count = count;
    index->next = 0;
    index->carry = (cwire_carry){0};
    index->faulty = false;
}

// Classifies the next batch and returns the number of blocks in it, 0 at the end or after a faulty block.
//
// The last batch is always one padded block of spaces behind the bytes that are left, none perhaps, so that what is
// open at the end of the input is seen to be open.
static inline size_t cwire_advance(cwire_index *index) {
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

static inline uint64_t cwire_marks_at(const cwire_index *index, size_t block) { return index->marks[block]; }
