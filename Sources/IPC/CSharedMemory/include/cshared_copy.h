// Copies into and out of a mapping that another process may be writing: what was copied is worth nothing
// until the reader's check after it has passed.
#pragma once

#include "cshared_inline.h"

#include <string.h>

#if !CSHARED_BODIES
CSHARED_FUNCTION void cshared_copy(void *to, const void *from, size_t bytes);
#elif defined(CSHARED_OUTLINE)
// The thread sanitizer does not watch memcpy (clang 21), and the compiler would make one of this loop.
__attribute__((optnone)) CSHARED_FUNCTION void cshared_copy(void *to, const void *from, size_t bytes) {
    uint8_t *target = (uint8_t *)to;
    const uint8_t *source = (const uint8_t *)from;
    for (size_t index = 0; index < bytes; index++) target[index] = source[index];
}
#else
CSHARED_FUNCTION void cshared_copy(void *to, const void *from, size_t bytes) { memcpy(to, from, bytes); }
#endif
