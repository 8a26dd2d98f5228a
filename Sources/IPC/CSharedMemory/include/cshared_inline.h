// What is hot is inlined into Swift; the thread sanitizer sees only functions of a .c file, so its build
// defines CSHARED_OUT_OF_LINE and the same bodies are compiled in cshared_outline.c.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#if !defined(CSHARED_OUT_OF_LINE)
#define CSHARED_FUNCTION static inline
#define CSHARED_BODIES 1
#elif defined(CSHARED_OUTLINE)
#define CSHARED_FUNCTION
#define CSHARED_BODIES 1
#else
#define CSHARED_FUNCTION extern
#define CSHARED_BODIES 0
#endif
