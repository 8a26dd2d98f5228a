// SSE2, which every x86-64 processor has: four registers of 16 bytes a block. Without a byte shuffle, UTF-8
// is checked by the portable function, in blocks that are not all ASCII.
#pragma once

#if defined(__x86_64__)

#include <emmintrin.h>

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
        const __m128i structural = _mm_or_si128(
            _mm_or_si128(cwire_is_sse2(folded, '{'), cwire_is_sse2(folded, '}')),
            _mm_or_si128(cwire_is_sse2(bytes, ':'), cwire_is_sse2(bytes, ',')));
        const __m128i control = _mm_cmpeq_epi8(_mm_min_epu8(bytes, _mm_set1_epi8(0x1F)), bytes);
        out.quote |= cwire_place_sse2(cwire_is_sse2(bytes, '"'), i);
        out.backslash |= cwire_place_sse2(cwire_is_sse2(bytes, '\\'), i);
        out.blank |= cwire_place_sse2(blank, i);
        out.structural |= cwire_place_sse2(structural, i);
        out.control |= cwire_place_sse2(control, i);
        out.high |= _mm_movemask_epi8(bytes) != 0;
    }
    *masks = out;
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

static inline size_t cwire_blocks_sse2(cwire_index *index, const uint8_t *block, size_t blocks) {
    return cwire_run(
        index, block, blocks, cwire_classify_sse2, cwire_escapable_sse2, cwire_utf8_scalar, cwire_prefix_xor);
}

#endif
