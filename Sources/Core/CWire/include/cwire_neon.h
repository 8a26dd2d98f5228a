// NEON, which every 64-bit ARM processor has: four registers of 16 bytes a block.
#pragma once

#if defined(__aarch64__)

#include <arm_neon.h>

#include "cwire_class_tables.h"
#include "cwire_outline.h"
#include "cwire_resolve.h"
#include "cwire_utf8_tables.h"

// One bit for each byte of four comparison results.
static inline uint64_t cwire_join_neon(uint8x16_t a, uint8x16_t b, uint8x16_t c, uint8x16_t d) {
    const uint8x16_t bits = {1, 2, 4, 8, 16, 32, 64, 128, 1, 2, 4, 8, 16, 32, 64, 128};
    const uint8x16_t first = vpaddq_u8(vandq_u8(a, bits), vandq_u8(b, bits));
    const uint8x16_t second = vpaddq_u8(vandq_u8(c, bits), vandq_u8(d, bits));
    uint8x16_t sum = vpaddq_u8(first, second);
    sum = vpaddq_u8(sum, sum);
    return vgetq_lane_u64(vreinterpretq_u64_u8(sum), 0);
}

static inline uint8x16_t cwire_lookup_neon(const uint8_t *table, uint8x16_t nibbles) {
    return vqtbl1q_u8(vld1q_u8(table), nibbles);
}

static inline void cwire_classify_neon(const uint8_t *block, cwire_masks *masks) {
    uint8x16_t quote[4], backslash[4], blank[4], open[4], close[4], colon[4], comma[4], control[4];
    uint8x16_t all = vdupq_n_u8(0);
    for (int i = 0; i < 4; i++) {
        const uint8x16_t bytes = vld1q_u8(block + 16 * i);
        const uint8x16_t nibbles = vandq_u8(bytes, vdupq_n_u8(0x0F));
        quote[i] = vceqq_u8(bytes, vdupq_n_u8('"'));
        backslash[i] = vceqq_u8(bytes, vdupq_n_u8('\\'));
        blank[i] = vceqq_u8(bytes, cwire_lookup_neon(cwire_blank_table, nibbles));
        const uint8x16_t folded = vorrq_u8(bytes, vdupq_n_u8(0x20));
        open[i] = vceqq_u8(folded, vdupq_n_u8('{'));
        close[i] = vceqq_u8(folded, vdupq_n_u8('}'));
        colon[i] = vceqq_u8(bytes, vdupq_n_u8(':'));
        comma[i] = vceqq_u8(bytes, vdupq_n_u8(','));
        control[i] = vcltq_u8(bytes, vdupq_n_u8(0x20));
        all = vorrq_u8(all, bytes);
    }
    masks->quote = cwire_join_neon(quote[0], quote[1], quote[2], quote[3]);
    masks->backslash = cwire_join_neon(backslash[0], backslash[1], backslash[2], backslash[3]);
    masks->blank = cwire_join_neon(blank[0], blank[1], blank[2], blank[3]);
    masks->control = cwire_join_neon(control[0], control[1], control[2], control[3]);
    masks->open = cwire_join_neon(open[0], open[1], open[2], open[3]);
    masks->close = cwire_join_neon(close[0], close[1], close[2], close[3]);
    masks->colon = cwire_join_neon(colon[0], colon[1], colon[2], colon[3]);
    masks->comma = cwire_join_neon(comma[0], comma[1], comma[2], comma[3]);
    masks->high = vmaxvq_u8(all) >= 0x80;
}

static inline uint64_t cwire_equal_neon(const uint8_t *block, uint8_t byte) {
    uint8x16_t found[4];
    for (int i = 0; i < 4; i++) found[i] = vceqq_u8(vld1q_u8(block + 16 * i), vdupq_n_u8(byte));
    return cwire_join_neon(found[0], found[1], found[2], found[3]);
}

static inline uint64_t cwire_digits_neon(const uint8_t *block) {
    uint8x16_t found[4];
    for (int i = 0; i < 4; i++) {
        const uint8x16_t values = vsubq_u8(vld1q_u8(block + 16 * i), vdupq_n_u8('0'));
        found[i] = vcltq_u8(values, vdupq_n_u8(10));
    }
    return cwire_join_neon(found[0], found[1], found[2], found[3]);
}

static inline uint64_t cwire_escapable_neon(const uint8_t *block) {
    uint8x16_t found[4];
    for (int i = 0; i < 4; i++) {
        const uint8x16_t bytes = vld1q_u8(block + 16 * i);
        const uint8x16_t high = cwire_lookup_neon(cwire_escapable_high, vshrq_n_u8(bytes, 4));
        const uint8x16_t low = cwire_lookup_neon(cwire_escapable_low, vandq_u8(bytes, vdupq_n_u8(0x0F)));
        found[i] = vtstq_u8(high, low);
    }
    return cwire_join_neon(found[0], found[1], found[2], found[3]);
}

// What is wrong with each byte, given the 16 bytes before; zero where nothing is.
static inline uint8x16_t cwire_utf8_faults_neon(uint8x16_t bytes, uint8x16_t before) {
    const uint8x16_t back1 = vextq_u8(before, bytes, 15);
    const uint8x16_t back2 = vextq_u8(before, bytes, 14);
    const uint8x16_t back3 = vextq_u8(before, bytes, 13);
    const uint8x16_t pairs = vandq_u8(
        vandq_u8(
            cwire_lookup_neon(cwire_utf8_first_high, vshrq_n_u8(back1, 4)),
            cwire_lookup_neon(cwire_utf8_first_low, vandq_u8(back1, vdupq_n_u8(0x0F)))),
        cwire_lookup_neon(cwire_utf8_second_high, vshrq_n_u8(bytes, 4)));
    const uint8x16_t third = vqsubq_u8(back2, vdupq_n_u8(0xE0 - 0x80));
    const uint8x16_t fourth = vqsubq_u8(back3, vdupq_n_u8(0xF0 - 0x80));
    return veorq_u8(vandq_u8(vorrq_u8(third, fourth), vdupq_n_u8(0x80)), pairs);
}

static inline bool cwire_utf8_neon(const uint8_t *block, uint32_t tail) {
    uint8x16_t before = vreinterpretq_u8_u32(vsetq_lane_u32(tail, vdupq_n_u32(0), 3));
    uint8x16_t faults = vdupq_n_u8(0);
    for (int i = 0; i < 4; i++) {
        const uint8x16_t bytes = vld1q_u8(block + 16 * i);
        faults = vorrq_u8(faults, cwire_utf8_faults_neon(bytes, before));
        before = bytes;
    }
    return vmaxvq_u8(faults) == 0;
}

CWIRE_INLINE cwire_kernel cwire_kernel_neon(void) {
    return (cwire_kernel){
        cwire_classify_neon, cwire_equal_neon, cwire_digits_neon, cwire_escapable_neon, cwire_utf8_neon,
        cwire_prefix_xor,
    };
}

static inline size_t cwire_blocks_neon(cwire_index *index, const uint8_t *block, size_t blocks) {
    return cwire_run(index, block, blocks, cwire_kernel_neon());
}

static inline void cwire_judge_neon(cwire_outline *outline) { cwire_judge(outline, cwire_kernel_neon()); }

#endif
