// Copies into and out of a mapping that another process may be writing: what was copied is worth nothing
// until the reader's check after it has passed.
#pragma once

#include "cshared_inline.h"

#include <string.h>

#if CSHARED_BODIES
CSHARED_FUNCTION void cshared_copy(void *to, const void *from, size_t bytes) { memcpy(to, from, bytes); }
#else
CSHARED_FUNCTION void cshared_copy(void *to, const void *from, size_t bytes);
#endif
