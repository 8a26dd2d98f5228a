// SSE2, which every x86-64 processor has: four registers of 16 bytes a block. Without a byte shuffle, UTF-8
// is checked by the portable function, in blocks that are not all ASCII.
#pragma once

#if defined(__x86_64__)

#include <emmintrin.h>

#include "cwire_outline.h"
#include "cwire_resolve.h"
#include "cwire_scalar.h"

static inline __m128i cwire_is_sse2(__m128i bytes, char byte) {
    return _mm_cmpeq_epi8(bytes, _mm_set1_epi8(byte));
}

static inline uint64_t cwire_place_sse2(__m128i bytes, int quarter) {
    return (uint64_t)(uint32_t)_mm_movemask_epi8(bytes) << (16 * quarter);
}

static inline void cwire_classify_sse2(const uint8_t *block, cwire_masks *masks) {
    cwire_masks out = {0};
    for (int i = 0; i < 4; i++) {
        const __m128i bytes = _mm_loadu_si128((const __m128i *)(block + 16 * i));
        const __m128i folded = _mm_or_si128(bytes, _mm_set1_epi8(0x20));
        const __m128i blank = _mm_or_si128(
            _mm_or_si128(cwire_is_sse2(bytes, ' '), cwire_is_sse2(bytes, '\t')),
            _mm_or_si128(cwire_is_sse2(bytes, '\n'), cwire_is_sse2(bytes, '\r')));
        const __m128i control = _mm_cmpeq_epi8(_mm_min_epu8(bytes, _mm_set1_epi8(0x1F)), bytes);
        out.quote |= cwire_place_sse2(cwire_is_sse2(bytes, '"'), i);
        out.backslash |= cwire_place_sse2(cwire_is_sse2(bytes, '\\'), i);
        out.blank |= cwire_place_sse2(blank, i);
        out.open |= cwire_place_sse2(cwire_is_sse2(folded, '{'), i);
        out.close |= cwire_place_sse2(cwire_is_sse2(folded, '}'), i);
        out.colon |= cwire_place_sse2(cwire_is_sse2(bytes, ':'), i);
        out.comma |= cwire_place_sse2(cwire_is_sse2(bytes, ','), i);
        out.control |= cwire_place_sse2(control, i);
        out.high |= _mm_movemask_epi8(bytes) != 0;
    }
    *masks = out;
}

static inline uint64_t cwire_equal_sse2(const uint8_t *block, uint8_t byte) {
    uint64_t out = 0;
    for (int i = 0; i < 4; i++) {
        const __m128i bytes = _mm_loadu_si128((const __m128i *)(block + 16 * i));
        out |= cwire_place_sse2(cwire_is_sse2(bytes, (char)byte), i);
    }
    return out;
}

static inline uint64_t cwire_digits_sse2(const uint8_t *block) {
    uint64_t out = 0;
    for (int i = 0; i < 4; i++) {
        const __m128i bytes = _mm_loadu_si128((const __m128i *)(block + 16 * i));
        const __m128i values = _mm_sub_epi8(bytes, _mm_set1_epi8('0'));
        const __m128i clamped = _mm_min_epu8(values, _mm_set1_epi8(9));
        out |= cwire_place_sse2(_mm_cmpeq_epi8(values, clamped), i);
    }
    return out;
}

static inline uint64_t cwire_escapable_sse2(const uint8_t *block) {
    uint64_t out = 0;
    for (int i = 0; i < 4; i++) {
        const __m128i bytes = _mm_loadu_si128((const __m128i *)(block + 16 * i));
        __m128i any = _mm_or_si128(cwire_is_sse2(bytes, '"'), cwire_is_sse2(bytes, '\\'));
        any = _mm_or_si128(any, _mm_or_si128(cwire_is_sse2(bytes, '/'), cwire_is_sse2(bytes, 'b')));
        any = _mm_or_si128(any, _mm_or_si128(cwire_is_sse2(bytes, 'f'), cwire_is_sse2(bytes, 'n')));
        any = _mm_or_si128(any, _mm_or_si128(cwire_is_sse2(bytes, 'r'), cwire_is_sse2(bytes, 't')));
        out |= cwire_place_sse2(_mm_or_si128(any, cwire_is_sse2(bytes, 'u')), i);
    }
    return out;
}

CWIRE_INLINE cwire_kernel cwire_kernel_sse2(void) {
    return (cwire_kernel){
        cwire_classify_sse2, cwire_equal_sse2, cwire_digits_sse2, cwire_escapable_sse2, cwire_utf8_scalar,
        cwire_prefix_xor,
    };
}

static inline size_t cwire_blocks_sse2(cwire_index *index, const uint8_t *block, size_t blocks) {
    return cwire_run(index, block, blocks, cwire_kernel_sse2());
}

static inline void cwire_judge_sse2(cwire_outline *outline) { cwire_judge(outline, cwire_kernel_sse2()); }

#endif
