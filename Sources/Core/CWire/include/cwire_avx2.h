// AVX2: two registers of 32 bytes a block.
#pragma once

#if defined(__x86_64__)

#include <immintrin.h>

#include "cwire_class_tables.h"
#include "cwire_outline.h"
#include "cwire_resolve.h"
#include "cwire_utf8_tables.h"

#define CWIRE_AVX2 static inline __attribute__((target("avx2,pclmul,bmi,popcnt")))

static inline bool cwire_has_avx2(void) {
    return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("pclmul") && __builtin_cpu_supports("bmi")
        && __builtin_cpu_supports("popcnt");
}

CWIRE_AVX2 __m256i cwire_table_avx2(const uint8_t *table) {
    return _mm256_broadcastsi128_si256(_mm_loadu_si128((const __m128i *)table));
}

CWIRE_AVX2 uint64_t cwire_join_avx2(__m256i low, __m256i high) {
    return (uint32_t)_mm256_movemask_epi8(low) | (uint64_t)(uint32_t)_mm256_movemask_epi8(high) << 32;
}

CWIRE_AVX2 uint64_t cwire_equal_avx2(__m256i low, __m256i high, char byte) {
    const __m256i wanted = _mm256_set1_epi8(byte);
    return cwire_join_avx2(_mm256_cmpeq_epi8(low, wanted), _mm256_cmpeq_epi8(high, wanted));
}

CWIRE_AVX2 void cwire_classify_avx2(const uint8_t *block, cwire_masks *masks) {
    const __m256i low = _mm256_loadu_si256((const __m256i *)block);
    const __m256i high = _mm256_loadu_si256((const __m256i *)(block + 32));
    const __m256i blanks = cwire_table_avx2(cwire_blank_table);
    const __m256i bit5 = _mm256_set1_epi8(0x20);
    const __m256i last_control = _mm256_set1_epi8(0x1F);

    masks->quote = cwire_equal_avx2(low, high, '"');
    masks->backslash = cwire_equal_avx2(low, high, '\\');
    masks->blank = cwire_join_avx2(
        _mm256_cmpeq_epi8(low, _mm256_shuffle_epi8(blanks, low)),
        _mm256_cmpeq_epi8(high, _mm256_shuffle_epi8(blanks, high)));
    masks->control = cwire_join_avx2(
        _mm256_cmpeq_epi8(_mm256_min_epu8(low, last_control), low),
        _mm256_cmpeq_epi8(_mm256_min_epu8(high, last_control), high));
    // Bit 5 tells [ ] from { }.
    const __m256i low_folded = _mm256_or_si256(low, bit5);
    const __m256i high_folded = _mm256_or_si256(high, bit5);
    masks->open = cwire_equal_avx2(low_folded, high_folded, '{');
    masks->close = cwire_equal_avx2(low_folded, high_folded, '}');
    masks->colon = cwire_equal_avx2(low, high, ':');
    masks->comma = cwire_equal_avx2(low, high, ',');
    masks->high = _mm256_movemask_epi8(_mm256_or_si256(low, high)) != 0;
}

CWIRE_AVX2 uint64_t cwire_block_equal_avx2(const uint8_t *block, uint8_t byte) {
    const __m256i low = _mm256_loadu_si256((const __m256i *)block);
    const __m256i high = _mm256_loadu_si256((const __m256i *)(block + 32));
    return cwire_equal_avx2(low, high, (char)byte);
}

CWIRE_AVX2 uint64_t cwire_digits_avx2(const uint8_t *block) {
    const __m256i zero = _mm256_set1_epi8('0');
    const __m256i nine = _mm256_set1_epi8(9);
    const __m256i low = _mm256_sub_epi8(_mm256_loadu_si256((const __m256i *)block), zero);
    const __m256i high = _mm256_sub_epi8(_mm256_loadu_si256((const __m256i *)(block + 32)), zero);
    return cwire_join_avx2(
        _mm256_cmpeq_epi8(_mm256_min_epu8(low, nine), low),
        _mm256_cmpeq_epi8(_mm256_min_epu8(high, nine), high));
}

CWIRE_AVX2 __m256i cwire_high_nibble_avx2(__m256i bytes) {
    return _mm256_and_si256(_mm256_srli_epi16(bytes, 4), _mm256_set1_epi8(0x0F));
}

CWIRE_AVX2 uint64_t cwire_escapable_avx2(const uint8_t *block) {
    const __m256i by_high = cwire_table_avx2(cwire_escapable_high);
    const __m256i by_low = cwire_table_avx2(cwire_escapable_low);
    uint64_t none = 0;
    for (int half = 0; half < 2; half++) {
        const __m256i bytes = _mm256_loadu_si256((const __m256i *)(block + 32 * half));
        const __m256i classes = _mm256_and_si256(
            _mm256_shuffle_epi8(by_high, cwire_high_nibble_avx2(bytes)), _mm256_shuffle_epi8(by_low, bytes));
        const __m256i absent = _mm256_cmpeq_epi8(classes, _mm256_setzero_si256());
        none |= (uint64_t)(uint32_t)_mm256_movemask_epi8(absent) << (32 * half);
    }
    return ~none;
}

// What is wrong with each byte, given the 32 bytes before; zero where nothing is.
CWIRE_AVX2 __m256i cwire_utf8_faults_avx2(__m256i bytes, __m256i before) {
    const __m256i across = _mm256_permute2x128_si256(before, bytes, 0x21);
    const __m256i back1 = _mm256_alignr_epi8(bytes, across, 15);
    const __m256i back2 = _mm256_alignr_epi8(bytes, across, 14);
    const __m256i back3 = _mm256_alignr_epi8(bytes, across, 13);
    const __m256i nibble = _mm256_set1_epi8(0x0F);
    const __m256i pairs = _mm256_and_si256(
        _mm256_and_si256(
            _mm256_shuffle_epi8(cwire_table_avx2(cwire_utf8_first_high), cwire_high_nibble_avx2(back1)),
            _mm256_shuffle_epi8(cwire_table_avx2(cwire_utf8_first_low), _mm256_and_si256(back1, nibble))),
        _mm256_shuffle_epi8(cwire_table_avx2(cwire_utf8_second_high), cwire_high_nibble_avx2(bytes)));
    const __m256i third = _mm256_subs_epu8(back2, _mm256_set1_epi8((char)(0xE0 - 0x80)));
    const __m256i fourth = _mm256_subs_epu8(back3, _mm256_set1_epi8((char)(0xF0 - 0x80)));
    const __m256i continued = _mm256_and_si256(_mm256_or_si256(third, fourth), _mm256_set1_epi8((char)0x80));
    return _mm256_xor_si256(continued, pairs);
}

CWIRE_AVX2 bool cwire_utf8_avx2(const uint8_t *block, uint32_t tail) {
    const __m256i before = _mm256_insert_epi32(_mm256_setzero_si256(), (int)tail, 7);
    const __m256i low = _mm256_loadu_si256((const __m256i *)block);
    const __m256i high = _mm256_loadu_si256((const __m256i *)(block + 32));
    const __m256i faults =
        _mm256_or_si256(cwire_utf8_faults_avx2(low, before), cwire_utf8_faults_avx2(high, low));
    return _mm256_testz_si256(faults, faults);
}

CWIRE_AVX2 uint64_t cwire_prefix_xor_avx2(uint64_t bits) {
    const __m128i ones = _mm_set1_epi8((char)0xFF);
    const __m128i product = _mm_clmulepi64_si128(_mm_set_epi64x(0, (int64_t)bits), ones, 0);
    return (uint64_t)_mm_cvtsi128_si64(product);
}

CWIRE_AVX2 cwire_kernel cwire_kernel_avx2(void) {
    return (cwire_kernel){
        cwire_classify_avx2, cwire_block_equal_avx2, cwire_digits_avx2, cwire_escapable_avx2, cwire_utf8_avx2,
        cwire_prefix_xor_avx2,
    };
}

CWIRE_AVX2 size_t cwire_blocks_avx2(cwire_index *index, const uint8_t *block, size_t blocks) {
    return cwire_run(index, block, blocks, cwire_kernel_avx2());
}

CWIRE_AVX2 void cwire_judge_avx2(cwire_outline *outline) { cwire_judge(outline, cwire_kernel_avx2()); }

#endif
