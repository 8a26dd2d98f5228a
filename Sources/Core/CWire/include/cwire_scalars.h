// Judges numbers and literals, all of a block at once.
#pragma once

#include "cwire_resolve.h"

CWIRE_INLINE bool cwire_is_digit(uint8_t byte) { return (uint8_t)(byte - '0') < 10; }

// The offset behind the digits at `at`.
static inline size_t cwire_digits_end(const uint8_t *source, size_t count, size_t at) {
    while (at < count && cwire_is_digit(source[at])) at++;
    return at;
}

// Whether one whole number or literal is at `at`, by its bytes: for those that a block boundary cuts.
static inline __attribute__((noinline)) bool cwire_is_scalar(const uint8_t *source, size_t count, size_t at) {
    const size_t left = count - at;
    size_t end = at;
    if (left >= 4 && (memcmp(source + at, "true", 4) == 0 || memcmp(source + at, "null", 4) == 0)) {
        end = at + 4;
    } else if (left >= 5 && memcmp(source + at, "false", 5) == 0) {
        end = at + 5;
    } else {
        if (source[at] == '-') at++;
        end = cwire_digits_end(source, count, at);
        if (end == at || (source[at] == '0' && end > at + 1)) return false;
        if (end < count && source[end] == '.') {
            at = end + 1;
            end = cwire_digits_end(source, count, at);
            if (end == at) return false;
        }
        if (end < count && (source[end] | 0x20) == 'e') {
            at = end + 1;
            if (at < count && (source[at] == '+' || source[at] == '-')) at++;
            end = cwire_digits_end(source, count, at);
            if (end == at) return false;
        }
    }
    if (end == count) return true;
    switch (source[end]) {
    case ' ': case '\t': case '\n': case '\r': case ',': case ']': case '}': return true;
    default: return false;
    }
}

// The bytes behind the runs of digits at `from`.
CWIRE_INLINE uint64_t cwire_behind_digits(uint64_t from, uint64_t digits) {
    return ((from & digits) + digits) & ~digits;
}

// What is wrong with the numbers that start at `starts`, all of whose bytes are `runs` of this block and
// followed by another byte in it (RFC 8259 section 6).
CWIRE_INLINE uint64_t cwire_number_faults(
    const uint8_t *block, uint64_t runs, uint64_t starts, uint64_t digit, uint64_t minus,
    cwire_kernel kernel) {
    const uint64_t digits = runs & digit;
    const uint64_t negative = starts & minus;
    const uint64_t first = (starts & ~minus) | negative << 1;
    const uint64_t leading_zero = first & kernel.equal(block, '0');
    uint64_t faults = (first & ~digits) | (leading_zero << 1 & digits);
    if ((runs & ~digits & ~negative) == 0) return faults;

    const uint64_t dot = kernel.equal(block, '.');
    const uint64_t exponent = kernel.equal(block, 'e') | kernel.equal(block, 'E');
    const uint64_t sign = minus | kernel.equal(block, '+');
    const uint64_t whole_end = cwire_behind_digits(first, digits);
    const uint64_t fraction = (whole_end & dot) << 1;
    const uint64_t mantissa_end = (whole_end & ~dot) | cwire_behind_digits(fraction, digits);
    const uint64_t signs = (mantissa_end & exponent) << 1;
    const uint64_t power = (signs & ~sign) | (signs & sign) << 1;
    const uint64_t end = (mantissa_end & ~exponent) | cwire_behind_digits(power, digits);
    return faults | (fraction & ~digits) | (power & ~digits) | (end & runs);
}

// What is wrong with the numbers and literals that start in a block.
//
// - plain: their bytes in the block; `in_scalar`: 1 when the first of them began before it.
CWIRE_INLINE uint64_t cwire_scalar_faults(
    const uint8_t *source, size_t count, size_t base, const uint8_t *block, uint64_t plain,
    uint64_t in_scalar, cwire_kernel kernel) {
    // What began before was judged to its end there.
    uint64_t runs = plain & (plain + in_scalar);
    uint64_t starts = runs & ~(runs << 1);
    if (runs >> 63) {
        const int last = 63 - __builtin_clzll(starts);
        if (!cwire_is_scalar(source, count, base + (size_t)last)) return 1ULL << last;
        runs &= ~(~0ULL << last);
        starts &= runs;
    }
    if (runs == 0) return 0;
    const uint64_t digit = kernel.digits(block);
    const uint64_t minus = kernel.equal(block, '-');
    for (uint64_t words = starts & ~(digit | minus); words != 0; words &= words - 1) {
        const int at = __builtin_ctzll(words);
        const int length = __builtin_ctzll(~(runs >> at));
        const bool known =
            (length == 4 && (memcmp(block + at, "true", 4) == 0 || memcmp(block + at, "null", 4) == 0))
            || (length == 5 && memcmp(block + at, "false", 5) == 0);
        if (!known) return 1ULL << at;
        runs &= ~(0x1FULL >> (5 - length) << at);
        starts &= runs;
    }
    return starts == 0 ? 0 : cwire_number_faults(block, runs, starts, digit, minus, kernel);
}
