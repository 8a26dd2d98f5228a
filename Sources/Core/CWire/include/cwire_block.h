// The shapes that the block functions share.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#define CWIRE_INLINE static inline __attribute__((always_inline))

enum {
    CWIRE_BLOCK = 64,
    // Blocks a batch: as many as keep the token starts within the 1024 bytes that Swift surely takes from the
    // stack.
    CWIRE_BATCH = 7,
    // Starts are written in groups of this many; those past the last real one are overwritten or ignored.
    CWIRE_GROUP = 8,
    CWIRE_STARTS = CWIRE_BATCH * CWIRE_BLOCK + CWIRE_GROUP,
};

// One bit a byte of a block, lowest bit first: what each byte is by its value alone.
typedef struct {
    uint64_t quote;       // "
    uint64_t backslash;
    uint64_t blank;       // space, tab, line feed, carriage return
    uint64_t open;        // { [
    uint64_t close;       // } ]
    uint64_t colon;
    uint64_t comma;
    uint64_t control;     // below 0x20
    uint64_t high;        // nonzero when any byte is 0x80 or above
} cwire_masks;

CWIRE_INLINE uint64_t cwire_structural(const cwire_masks *masks) {
    return masks->open | masks->close | masks->colon | masks->comma;
}

// What a block must know about the block before it.
typedef struct {
    uint64_t in_string;      // all ones when the block starts inside a string
    uint64_t escaped;        // 1 when the first byte is escaped by a backslash before it
    uint64_t after_scalar;   // 1 when the byte before is part of a number or a literal
    uint32_t tail;           // the four bytes before, the last one in the highest bits
} cwire_carry;

// The bytes being scanned, how far they are classified, and what the latest batch holds.
//
// Every read lies within [source, source + count): whole blocks are read in place only while 64 bytes are
// left, the rest is copied into `padded` behind spaces.
typedef struct {
    const uint8_t *source;
    size_t count;
    size_t next;             // offset of the first block that is not classified yet
    cwire_carry carry;
    // Where tokens start, as offsets into the latest batch, in rising order.
    uint16_t *starts;        // room for CWIRE_STARTS
    size_t found;
    uint64_t backslashes;    // nonzero once any block had a backslash
    // What is wrong with the last block of the latest batch, when the batch ended early at a fault.
    bool faulty;
    bool encoding_fault;     // invalid UTF-8 in the block or in the three bytes before it
    uint64_t control_fault;  // control characters inside strings
    uint64_t escape_fault;   // bytes that no backslash may stand before, and broken \u sequences
    uint8_t padded[CWIRE_BLOCK];
} cwire_index;
