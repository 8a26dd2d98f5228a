// What a program asks of malloc and of the locks of pthreads, counted, and a filter that ends it at any other
// system call than that of its end. Whoever links this gets these functions in place of glibc's.
#pragma once

#include <stdint.h>

/// From here on every system call but exit ends the program with SIGSYS (seccomp(2)), and what is asked of
/// malloc and pthreads is counted. A negative error number where the system does not permit that.
int cwitness_begin(void);
/// Calls of malloc, calloc, realloc, memalign and free since the beginning.
uint64_t cwitness_allocations(void);
/// Locks of pthreads that were taken or tried since the beginning.
uint64_t cwitness_locks(void);
/// Ends the program by the one system call that is left.
_Noreturn void cwitness_exit(int code);
/// Each of these does what the watch is to find.
void cwitness_take_lock(void);
void cwitness_call_system(void);
