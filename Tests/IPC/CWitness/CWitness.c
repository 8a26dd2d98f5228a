#if !defined(_GNU_SOURCE)
#define _GNU_SOURCE
#endif
#include "CWitness.h"

#include <dlfcn.h>
#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <pthread.h>
#include <sched.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

// One thread: plain counters.
static bool is_watched;
static uint64_t allocations;
static uint64_t locks;

// glibc's own, under the names that it exports for whoever puts others in their place.
extern void *__libc_malloc(size_t);
extern void *__libc_calloc(size_t, size_t);
extern void *__libc_realloc(void *, size_t);
extern void *__libc_memalign(size_t, size_t);
extern void __libc_free(void *);

void *malloc(size_t bytes) {
    allocations += is_watched;
    return __libc_malloc(bytes);
}

void *calloc(size_t count, size_t bytes) {
    allocations += is_watched;
    return __libc_calloc(count, bytes);
}

void *realloc(void *place, size_t bytes) {
    allocations += is_watched;
    return __libc_realloc(place, bytes);
}

void *memalign(size_t alignment, size_t bytes) {
    allocations += is_watched;
    return __libc_memalign(alignment, bytes);
}

void *aligned_alloc(size_t alignment, size_t bytes) { return memalign(alignment, bytes); }

int posix_memalign(void **place, size_t alignment, size_t bytes) {
    *place = memalign(alignment, bytes);
    return *place == NULL ? ENOMEM : 0;
}

void free(void *place) {
    allocations += is_watched;
    __libc_free(place);
}

#define COUNTED(name, type)                                                                                  \
    int name(type *lock) {                                                                                   \
        static int (*real)(type *);                                                                          \
        if (real == NULL) real = (int (*)(type *))dlsym(RTLD_NEXT, #name);                                   \
        locks += is_watched;                                                                                 \
        return real(lock);                                                                                   \
    }

COUNTED(pthread_mutex_lock, pthread_mutex_t)
COUNTED(pthread_mutex_trylock, pthread_mutex_t)
COUNTED(pthread_rwlock_rdlock, pthread_rwlock_t)
COUNTED(pthread_rwlock_wrlock, pthread_rwlock_t)

int cwitness_begin(void) {
    // A filter, and not the strict mode, which can't be entered under another filter (as in containers).
    struct sock_filter steps[] = {
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_exit_group, 0, 1),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS),
    };
    struct sock_fprog program = {.len = sizeof steps / sizeof steps[0], .filter = steps};
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0) return -errno;
    if (prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program, 0, 0) < 0) return -errno;
    is_watched = true;
    return 0;
}

uint64_t cwitness_allocations(void) { return allocations; }

uint64_t cwitness_locks(void) { return locks; }

void cwitness_exit(int code) {
    for (;;) syscall(SYS_exit_group, code);
}

void cwitness_take_lock(void) {
    static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
    pthread_mutex_lock(&lock);
    pthread_mutex_unlock(&lock);
}

void cwitness_call_system(void) { sched_yield(); }
