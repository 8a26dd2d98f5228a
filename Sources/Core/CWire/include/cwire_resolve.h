// From byte classes to tokens: which bytes are inside strings, and where each token starts.
//
// The bit tricks are those of Langdale and Lemire, "Parsing Gigabytes of JSON per Second" (VLDB Journal 28,
// 2019), section 3.1.
#pragma once

#include "cwire_block.h"

// The bytes that are escaped by an odd run of backslashes.
CWIRE_INLINE uint64_t cwire_escaped(uint64_t backslash, uint64_t *carry) {
    const uint64_t even = 0x5555555555555555ULL;
    if (backslash == 0) {
        const uint64_t escaped = *carry;
        *carry = 0;
        return escaped;
    }
    backslash &= ~*carry;
    const uint64_t follows = backslash << 1 | *carry;
    const uint64_t odd_starts = backslash & ~even & ~follows;
    unsigned long long even_sequences;
    *carry = __builtin_uaddll_overflow(odd_starts, backslash, &even_sequences);
    return (even ^ (even_sequences << 1)) & follows;
}

CWIRE_INLINE uint64_t cwire_prefix_xor(uint64_t bits) {
    bits ^= bits << 1;
    bits ^= bits << 2;
    bits ^= bits << 4;
    bits ^= bits << 8;
    bits ^= bits << 16;
    bits ^= bits << 32;
    return bits;
}

CWIRE_INLINE bool cwire_is_hex(uint8_t byte) {
    return (uint8_t)(byte - '0') < 10 || (uint8_t)((byte | 0x20) - 'a') < 6;
}

// The `u` bytes of \u escapes among `letters` that are not followed by four hexadecimal digits.
CWIRE_INLINE uint64_t cwire_broken_unicode(
    const uint8_t *source, size_t count, size_t base, uint64_t letters) {
    uint64_t broken = 0;
    while (letters != 0) {
        const size_t at = base + (size_t)__builtin_ctzll(letters);
        const bool whole = at + 4 < count && cwire_is_hex(source[at + 1]) && cwire_is_hex(source[at + 2])
            && cwire_is_hex(source[at + 3]) && cwire_is_hex(source[at + 4]);
        if (!whole) broken |= letters & -letters;
        letters &= letters - 1;
    }
    return broken;
}

// True when the four bytes before a block end inside a UTF-8 sequence.
CWIRE_INLINE bool cwire_utf8_open(uint32_t tail) {
    return (tail >> 24) >= 0xC0 || (tail >> 16 & 0xFF) >= 0xE0 || (tail >> 8 & 0xFF) >= 0xF0;
}

// Writes the offsets of set bits, behind `base`, and returns where the next one goes.
//
// Eight are written whether they exist or not: one branch on the count is cheaper than one a bit.
CWIRE_INLINE uint16_t *cwire_flatten(uint16_t *starts, uint64_t marks, uint32_t base) {
    const uint64_t stop = 1ULL << 63;  // keeps the count of trailing zeros defined
    const int marked = __builtin_popcountll(marks);
    uint16_t *out = starts;
    for (int done = 0; done < marked; done += CWIRE_GROUP) {
        for (int i = 0; i < CWIRE_GROUP; i++) {
            out[i] = (uint16_t)(base + (uint32_t)__builtin_ctzll(marks | stop));
            marks &= marks - 1;
        }
        out += CWIRE_GROUP;
    }
    return starts + marked;
}

// What one processor can do with a block.
typedef struct {
    void (*classify)(const uint8_t *block, cwire_masks *masks);
    uint64_t (*equal)(const uint8_t *block, uint8_t byte);
    uint64_t (*digits)(const uint8_t *block);
    // The bytes that may follow a backslash.
    uint64_t (*escapable)(const uint8_t *block);
    // Whether a block is well-formed UTF-8 behind the four bytes in `tail`.
    bool (*utf8)(const uint8_t *block, uint32_t tail);
    uint64_t (*prefix_xor)(uint64_t bits);
} cwire_kernel;

// Which escapes among `escaped` bytes inside strings are wrong.
CWIRE_INLINE uint64_t cwire_escape_fault(
    const uint8_t *source, size_t count, size_t base, const uint8_t *block, uint64_t escaped,
    cwire_kernel kernel) {
    const uint64_t letters = escaped & kernel.equal(block, 'u');
    return (escaped & ~kernel.escapable(block)) | cwire_broken_unicode(source, count, base, letters);
}

// Classifies consecutive blocks and finds their token starts; returns how many it took, the last of them
// faulty when that is fewer than `blocks` or `index` says so.
CWIRE_INLINE size_t cwire_run(
    cwire_index *index, const uint8_t *block, size_t blocks, cwire_kernel kernel) {
    cwire_carry carry = index->carry;
    uint16_t *starts = index->starts;
    uint64_t backslashes = 0;
    size_t done = 0;
    while (done < blocks && !index->faulty) {
        cwire_masks masks;
        kernel.classify(block, &masks);
        backslashes |= masks.backslash;
        const uint64_t escaped = cwire_escaped(masks.backslash, &carry.escaped);
        const uint64_t quote = masks.quote & ~escaped;
        // From each opening quote up to the byte before its closing quote.
        const uint64_t in_string = kernel.prefix_xor(quote) ^ carry.in_string;
        carry.in_string = (uint64_t)((int64_t)in_string >> 63);
        // From the byte after each opening quote up to its closing quote.
        const uint64_t string_tail = in_string ^ quote;
        const uint64_t structural = cwire_structural(&masks);
        const uint64_t scalar = ~(structural | masks.blank);
        const uint64_t plain = scalar & ~quote;
        const uint64_t follows = plain << 1 | carry.after_scalar;
        carry.after_scalar = plain >> 63;
        const uint64_t marks = (structural | (scalar & ~follows)) & ~string_tail;
        starts = cwire_flatten(starts, marks, (uint32_t)(done * CWIRE_BLOCK));

        const uint64_t control_fault = masks.control & string_tail;
        uint64_t escape_fault = 0;
        const uint64_t string_escapes = escaped & string_tail;
        if (string_escapes != 0) {
            escape_fault = cwire_escape_fault(
                index->source, index->count, index->next + done * CWIRE_BLOCK, block, string_escapes, kernel);
        }
        const bool encoding_fault =
            masks.high != 0 ? !kernel.utf8(block, carry.tail) : cwire_utf8_open(carry.tail);
        memcpy(&carry.tail, block + CWIRE_BLOCK - 4, 4);
        if (__builtin_expect((control_fault | escape_fault) != 0 || encoding_fault, 0)) {
            index->faulty = true;
            index->control_fault = control_fault;
            index->escape_fault = escape_fault;
            index->encoding_fault = encoding_fault;
        }
        block += CWIRE_BLOCK;
        done++;
    }
    index->carry = carry;
    index->backslashes |= backslashes;
    index->found = (size_t)(starts - index->starts);
    return done;
}
