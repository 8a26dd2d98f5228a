// The observation ring's protocol once more, in C: what Rings is measured against.
#pragma once

#include <stddef.h>
#include <stdint.h>

typedef struct {
    uint64_t words[16];
} cring_record;

typedef struct {
    uint8_t *section;
    uint64_t capacity;
    uint64_t next;
    uint64_t flushed;
} cring_writer;

typedef struct {
    const uint8_t *section;
    uint64_t capacity;
    uint64_t next;
    uint64_t lost;
    uint64_t damaged;
    uint64_t sum;
} cring_reader;

/// Appends `count` records, taken in turn from 64 `fillings`, and publishes after each `batch` of them; waits
/// while the reader, whose position is at `cursor`, is half a ring behind.
void cring_write(
    cring_writer *writer, const cring_record *fillings, uint64_t count, uint64_t batch,
    const uint64_t *cursor);

/// Has the kernel kill this process when the thread that started it ends: it must not go on waiting alone.
void cring_end_with_parent(void);

/// Reads until `end`, copying each record out and checking it, and stores its position at `cursor` after each
/// batch.
void cring_read(cring_reader *reader, uint64_t end, uint64_t *cursor);
