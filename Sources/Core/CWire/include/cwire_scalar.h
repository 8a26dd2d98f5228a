// The portable twin of every SIMD function: one byte at a time, and the reference in the tests.
#pragma once

#include "cwire_block.h"

static inline void cwire_classify_scalar(const uint8_t *block, cwire_masks *masks) {
    cwire_masks out = {0};
    for (int i = 0; i < CWIRE_BLOCK; i++) {
        const uint64_t bit = 1ULL << i;
        const uint8_t byte = block[i];
        if (byte < 0x20) out.control |= bit;
        if (byte >= 0x80) out.high = 1;
        switch (byte) {
        case '"': out.quote |= bit; break;
        case '\\': out.backslash |= bit; break;
        case ' ': case '\t': case '\n': case '\r': out.blank |= bit; break;
        case '{': case '[': out.open |= bit; break;
        case '}': case ']': out.close |= bit; break;
        case ':': out.colon |= bit; break;
        case ',': out.comma |= bit; break;
        default: break;
        }
    }
    *masks = out;
}

static inline uint64_t cwire_equal_scalar(const uint8_t *block, uint8_t byte) {
    uint64_t out = 0;
    for (int i = 0; i < CWIRE_BLOCK; i++) out |= (uint64_t)(block[i] == byte) << i;
    return out;
}

static inline uint64_t cwire_digits_scalar(const uint8_t *block) {
    uint64_t out = 0;
    for (int i = 0; i < CWIRE_BLOCK; i++) out |= (uint64_t)((uint8_t)(block[i] - '0') < 10) << i;
    return out;
}

// Bytes that may follow a backslash in a JSON string: " \ / b f n r t u (RFC 8259 section 7).
static inline uint64_t cwire_escapable_scalar(const uint8_t *block) {
    uint64_t out = 0;
    for (int i = 0; i < CWIRE_BLOCK; i++) {
        switch (block[i]) {
        case '"': case '\\': case '/': case 'b': case 'f': case 'n': case 'r': case 't': case 'u':
            out |= 1ULL << i;
            break;
        default: break;
        }
    }
    return out;
}

// The length of the well-formed UTF-8 sequence at `bytes` (Unicode table 3-7), 0 when it is ill-formed, and
// -1 when more bytes than `left` are needed to tell.
CWIRE_INLINE int cwire_utf8_sequence(const uint8_t *bytes, size_t left) {
    const uint8_t lead = bytes[0];
    if (lead < 0x80) return 1;
    if (lead < 0xC0) return 0;
    // Even a lead byte that nothing can follow is judged with the byte after it, as the SIMD functions do.
    if (left < 2) return -1;
    if (lead < 0xC2 || lead > 0xF4) return 0;
    const int length = lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
    const uint8_t low = lead == 0xE0 ? 0xA0 : lead == 0xF0 ? 0x90 : 0x80;
    const uint8_t high = lead == 0xED ? 0x9F : lead == 0xF4 ? 0x8F : 0xBF;
    if (bytes[1] < low || bytes[1] > high) return 0;
    for (int i = 2; i < length; i++) {
        if ((size_t)i >= left) return -1;
        if ((bytes[i] & 0xC0) != 0x80) return 0;
    }
    return length;
}

// Whether a block is well-formed UTF-8 after the four bytes in `tail`; a sequence cut by the block's end
// passes.
static inline bool cwire_utf8_scalar(const uint8_t *block, uint32_t tail) {
    uint8_t joined[4 + CWIRE_BLOCK];
    memcpy(joined, &tail, 4);
    memcpy(joined + 4, block, CWIRE_BLOCK);
    // Continuation bytes at the front end a sequence that was judged with the block before, unless its lead
    // byte is among these four bytes.
    size_t at = 1;
    while (at < 4 && (joined[at] & 0xC0) == 0x80) at++;
    while (at < sizeof joined) {
        const int length = cwire_utf8_sequence(joined + at, sizeof joined - at);
        if (length == 0) return false;
        if (length < 0) return true;
        at += (size_t)length;
    }
    return true;
}

// Offset of the first ill-formed UTF-8 sequence at or after `from`, `count` when there is none.
static inline size_t cwire_utf8_fault(const uint8_t *source, size_t count, size_t from) {
    size_t at = from > 3 ? from - 3 : 0;
    while (at < from && (source[at] & 0xC0) == 0x80) at++;
    while (at < count) {
        const int length = cwire_utf8_sequence(source + at, count - at);
        if (length <= 0) return at;
        at += (size_t)length;
    }
    return count;
}
