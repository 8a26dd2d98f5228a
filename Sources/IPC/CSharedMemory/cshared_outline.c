// The bodies of the hot functions, where the thread sanitizer can see them; empty in every other build.
#if defined(CSHARED_OUT_OF_LINE)
#define CSHARED_OUTLINE
#include "CSharedMemory.h"
#else
typedef int cshared_outline_is_empty;
#endif
