// Reading and writing bytes that another thread or process may be writing at the same moment: what was read
// is worth nothing until the reader's second look at the entry's version. The thread sanitizer's build takes
// relaxed atomic words, so that it reports every other race and not these.
#pragma once

#include "cshared_inline.h"

#include <string.h>

#if !CSHARED_BODIES
CSHARED_FUNCTION void cshared_copy_racing(void *to, const void *from, size_t bytes);
CSHARED_FUNCTION bool cshared_equal_racing(const void *shared, const void *own, size_t bytes);
#elif defined(CSHARED_OUTLINE)
CSHARED_FUNCTION void cshared_copy_racing(void *to, const void *from, size_t bytes) {
    uint8_t *target = (uint8_t *)to;
    const uint8_t *source = (const uint8_t *)from;
    for (size_t index = 0; index < bytes; index++) {
        uint8_t byte = __atomic_load_n(source + index, __ATOMIC_RELAXED);
        __atomic_store_n(target + index, byte, __ATOMIC_RELAXED);
    }
}

CSHARED_FUNCTION bool cshared_equal_racing(const void *shared, const void *own, size_t bytes) {
    const uint8_t *left = (const uint8_t *)shared;
    const uint8_t *right = (const uint8_t *)own;
    for (size_t index = 0; index < bytes; index++) {
        if (__atomic_load_n(left + index, __ATOMIC_RELAXED) != right[index]) return false;
    }
    return true;
}
#else
CSHARED_FUNCTION void cshared_copy_racing(void *to, const void *from, size_t bytes) {
    memcpy(to, from, bytes);
}

CSHARED_FUNCTION bool cshared_equal_racing(const void *shared, const void *own, size_t bytes) {
    return memcmp(shared, own, bytes) == 0;
}
#endif

// The thread sanitizer does not know the locks of Swift's Synchronization; these tell it of them, and are
// nothing in every other build.
#if defined(CSHARED_OUT_OF_LINE)
CSHARED_FUNCTION void cshared_note_locked(const void *lock);
CSHARED_FUNCTION void cshared_note_unlocking(const void *lock);
#if defined(CSHARED_OUTLINE)
extern void __tsan_acquire(void *address);
extern void __tsan_release(void *address);

void cshared_note_locked(const void *lock) { __tsan_acquire((void *)lock); }
void cshared_note_unlocking(const void *lock) { __tsan_release((void *)lock); }
#endif
#else
static inline void cshared_note_locked(const void *lock) { (void)lock; }
static inline void cshared_note_unlocking(const void *lock) { (void)lock; }
#endif

/// Tells the processor that the thread waits for another.
static inline void cshared_pause(void) {
#if defined(__x86_64__)
    __builtin_ia32_pause();
#elif defined(__aarch64__)
    __asm__ volatile("yield");
#endif
}

/// Has a line of memory fetched that is needed soon; harmless for any address.
static inline void cshared_prefetch(const void *address) { __builtin_prefetch(address, 1, 3); }
