// Byte classes by low nibble: a byte is in a class when the entry for its low nibble equals it.
#pragma once

#include <stdint.h>

// Space, tab, line feed, carriage return; the other entries have another low nibble than their index.
static const uint8_t cwire_blank_table[16] = {
    ' ', 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, '\t', '\n', 0xFF, 0xFF, '\r', 0xFF, 0x00,
};

// What may follow a backslash, as a bit for each high nibble: 2 is bit 0, 5 bit 1, 6 bit 2, 7 bit 3.
// " 22  / 2F  \ 5C  b 62  f 66  n 6E  r 72  t 74  u 75
static const uint8_t cwire_escapable_high[16] = {
    0, 0, 1, 0, 0, 2, 4, 8, 0, 0, 0, 0, 0, 0, 0, 0,
};
static const uint8_t cwire_escapable_low[16] = {
    0, 0, 1 | 4 | 8, 0, 8, 8, 4, 0, 0, 0, 0, 0, 2, 0, 4, 1,
};
