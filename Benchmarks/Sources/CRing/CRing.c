#include "CRing.h"

#include <sched.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>

enum { head_bytes = 256, record_bytes = 128, words = 16, claimed_offset = 64, most = 64 };

static uint64_t factors[words];

__attribute__((constructor)) static void make_factors(void) {
    uint64_t state = 0x41545455;
    for (int index = 0; index < words; index++) {
        state += 0x9E3779B97F4A7C15;
        uint64_t mixed = state;
        mixed = (mixed ^ mixed >> 30) * 0xBF58476D1CE4E5B9;
        mixed = (mixed ^ mixed >> 27) * 0x94D049BB133111EB;
        factors[index] = (mixed ^ mixed >> 31) | 1;
    }
}

static inline uint32_t checksum(const uint64_t *record) {
    uint64_t sum = 0;
    for (int index = 0; index < 15; index++) sum += record[index] * factors[index];
    sum += (record[15] & 0xFFFFFFFF) * factors[15];
    return (uint32_t)(sum >> 32);
}

/// As SpinWait and the halves in Swift do it.
static inline void wait_a_little(uint64_t *looks) {
    if (++*looks % 1000 == 0) sched_yield();
#if defined(__x86_64__)
    __builtin_ia32_pause();
#endif
}

void cring_write(
    cring_writer *writer, const cring_record *fillings, uint64_t count, uint64_t batch,
    const uint64_t *cursor) {
    uint64_t *published = (uint64_t *)writer->section;
    uint64_t *claimed = (uint64_t *)(writer->section + claimed_offset);
    uint64_t looks = 0;
    for (uint64_t done = 0; done < count; done++) {
        if (writer->next % most == 0) {
            while (writer->next - __atomic_load_n(cursor, __ATOMIC_ACQUIRE) > writer->capacity / 2) {
                wait_a_little(&looks);
            }
        }
        uint64_t record[words];
        uint64_t index = writer->next++;
        memcpy(record, fillings[index % most].words, sizeof record);
        record[0] = writer->next;
        record[2] = index;
        record[15] = (record[15] & 0xFFFFFFFF) | (uint64_t)checksum(record) << 32;
        __atomic_store_n(claimed, writer->next, __ATOMIC_RELAXED);
        __atomic_thread_fence(__ATOMIC_RELEASE);
        uint64_t *slot =
            (uint64_t *)(writer->section + head_bytes + (index & (writer->capacity - 1)) * record_bytes);
        for (int word = 0; word < words; word++) {
            __atomic_store_n(slot + word, record[word], __ATOMIC_RELAXED);
        }
        if (writer->next - writer->flushed >= batch) {
            writer->flushed = writer->next;
            __atomic_store_n(published, writer->next, __ATOMIC_RELEASE);
        }
    }
    writer->flushed = writer->next;
    __atomic_store_n(published, writer->next, __ATOMIC_RELEASE);
}

static uint64_t read_batch(cring_reader *reader, uint64_t copies[most][words]) {
    const uint64_t *published = (const uint64_t *)reader->section;
    const uint64_t *claimed = (const uint64_t *)(reader->section + claimed_offset);
    uint64_t end = __atomic_load_n(published, __ATOMIC_ACQUIRE);
    if (end - reader->next > reader->capacity) {
        reader->lost += end - reader->capacity - reader->next;
        reader->next = end - reader->capacity;
    }
    uint64_t slot = reader->next & (reader->capacity - 1);
    uint64_t count = end - reader->next;
    if (count > reader->capacity - slot) count = reader->capacity - slot;
    if (count > most) count = most;
    const uint64_t *start = (const uint64_t *)(reader->section + head_bytes + slot * record_bytes);
    for (uint64_t index = 0; index < count; index++) {
        for (int word = 0; word < words; word++) {
            copies[index][word] = __atomic_load_n(start + index * words + word, __ATOMIC_RELAXED);
        }
    }
    __atomic_thread_fence(__ATOMIC_ACQUIRE);
    uint64_t now = __atomic_load_n(claimed, __ATOMIC_RELAXED);
    uint64_t oldest = now > reader->capacity ? now - reader->capacity : 0;
    uint64_t overwritten = oldest > reader->next ? oldest - reader->next : 0;
    if (overwritten > count) overwritten = count;
    for (uint64_t index = overwritten; index < count; index++) {
        const uint64_t *record = copies[index];
        if (record[0] == reader->next + index + 1 && record[15] >> 32 == checksum(record)) {
            reader->sum += record[2];
        } else {
            reader->damaged++;
        }
    }
    reader->lost += overwritten;
    reader->next += count;
    return count;
}

void cring_read(cring_reader *reader, uint64_t end, uint64_t *cursor) {
    uint64_t copies[most][words];
    uint64_t looks = 0;
    while (reader->next < end) {
        if (read_batch(reader, copies) == 0) {
            wait_a_little(&looks);
            continue;
        }
        __atomic_store_n(cursor, reader->next, __ATOMIC_RELEASE);
    }
}

void cring_end_with_parent(void) { prctl(PR_SET_PDEATHSIG, SIGKILL); }
