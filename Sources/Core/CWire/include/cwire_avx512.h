// AVX-512 as of Ice Lake and Zen 4: one register of 64 bytes a block, and comparisons that give masks. Older
// processors with AVX-512 slow down when they use it, so they stay with AVX2.
#pragma once

#if defined(__x86_64__)

#include <immintrin.h>

#include "cwire_avx2.h"
#include "cwire_outline.h"

#define CWIRE_AVX512_FEATURES "avx2,pclmul,bmi,bmi2,popcnt,avx512f,avx512bw,avx512vl,avx512vbmi2"
#define CWIRE_AVX512 static inline __attribute__((target(CWIRE_AVX512_FEATURES)))

static inline bool cwire_has_avx512(void) {
    return __builtin_cpu_supports("avx512vbmi2") && __builtin_cpu_supports("avx512bw")
        && __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("bmi2") && cwire_has_avx2();
}

CWIRE_AVX512 uint64_t cwire_equal_avx512(const uint8_t *block, uint8_t byte) {
    return _mm512_cmpeq_epi8_mask(_mm512_loadu_si512(block), _mm512_set1_epi8((char)byte));
}

CWIRE_AVX512 uint64_t cwire_digits_avx512(const uint8_t *block) {
    const __m512i values = _mm512_sub_epi8(_mm512_loadu_si512(block), _mm512_set1_epi8('0'));
    return _mm512_cmplt_epu8_mask(values, _mm512_set1_epi8(10));
}

CWIRE_AVX512 void cwire_classify_avx512(const uint8_t *block, cwire_masks *masks) {
    const __m512i bytes = _mm512_loadu_si512(block);
    const __m512i blanks = _mm512_broadcast_i32x4(_mm_loadu_si128((const __m128i *)cwire_blank_table));
    // Bit 5 tells [ ] from { }.
    const __m512i folded = _mm512_or_si512(bytes, _mm512_set1_epi8(0x20));
    masks->quote = _mm512_cmpeq_epi8_mask(bytes, _mm512_set1_epi8('"'));
    masks->backslash = _mm512_cmpeq_epi8_mask(bytes, _mm512_set1_epi8('\\'));
    masks->blank = _mm512_cmpeq_epi8_mask(bytes, _mm512_shuffle_epi8(blanks, bytes));
    masks->control = _mm512_cmplt_epu8_mask(bytes, _mm512_set1_epi8(0x20));
    masks->open = _mm512_cmpeq_epi8_mask(folded, _mm512_set1_epi8('{'));
    masks->close = _mm512_cmpeq_epi8_mask(folded, _mm512_set1_epi8('}'));
    masks->colon = _mm512_cmpeq_epi8_mask(bytes, _mm512_set1_epi8(':'));
    masks->comma = _mm512_cmpeq_epi8_mask(bytes, _mm512_set1_epi8(','));
    masks->high = _mm512_movepi8_mask(bytes);
}

CWIRE_AVX512 void cwire_judge_avx512(cwire_outline *outline) {
    const cwire_kernel kernel = {
        cwire_classify_avx512, cwire_equal_avx512, cwire_digits_avx512, cwire_escapable_avx2, cwire_utf8_avx2,
        cwire_prefix_xor_avx2,
    };
    cwire_judge(outline, kernel);
}

#endif
