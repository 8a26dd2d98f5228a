#if !defined(_GNU_SOURCE)
#define _GNU_SOURCE
#endif
#include "CSharedMemory.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

// Linux 5.1; older headers lack it.
#if !defined(F_SEAL_FUTURE_WRITE)
#define F_SEAL_FUTURE_WRITE 0x0010
#endif

static int negative(int result) { return result < 0 ? -errno : result; }

int cshared_create_anonymous(const char *name) {
    return negative(memfd_create(name, MFD_CLOEXEC | MFD_ALLOW_SEALING));
}

int cshared_create_file(const char *path) {
    return negative(open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, S_IRUSR | S_IWUSR));
}

int cshared_open_file(const char *path) {
    return negative(open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK));
}

int cshared_reserve(int descriptor, uint64_t bytes) {
    if (bytes == 0 || bytes > INT64_MAX) return -EINVAL;
    if (ftruncate(descriptor, (off_t)bytes) < 0) return -errno;
    int error;
    do error = posix_fallocate(descriptor, 0, (off_t)bytes);
    while (error == EINTR);
    return -error;
}

int cshared_seal(int descriptor) {
    return negative(fcntl(descriptor, F_ADD_SEALS,
        F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_FUTURE_WRITE | F_SEAL_SEAL));
}

bool cshared_is_sealed(int seals) {
    return seals >= 0 && (seals & (F_SEAL_SHRINK | F_SEAL_SEAL)) == (F_SEAL_SHRINK | F_SEAL_SEAL);
}

int cshared_describe(int descriptor, cshared_file *file) {
    struct stat found;
    if (fstat(descriptor, &found) < 0) return -errno;
    file->bytes = found.st_size < 0 ? 0 : (uint64_t)found.st_size;
    file->mode = found.st_mode & 07777;
    file->user = found.st_uid;
    file->is_regular = S_ISREG(found.st_mode);
    file->seals = fcntl(descriptor, F_GET_SEALS);
    return 0;
}

void *cshared_map(int descriptor, uint64_t bytes, bool writable, int *error) {
    void *start = mmap(NULL, bytes, writable ? PROT_READ | PROT_WRITE : PROT_READ, MAP_SHARED, descriptor, 0);
    *error = 0;
    if (start == MAP_FAILED) {
        *error = -errno;
        return NULL;
    }
    if (madvise(start, bytes, MADV_DONTDUMP) < 0) {
        *error = -errno;
        munmap(start, bytes);
        return NULL;
    }
    return start;
}

void cshared_unmap(void *start, uint64_t bytes) { munmap(start, bytes); }

static uint64_t nanoseconds(clockid_t clock) {
    struct timespec now;
    clock_gettime(clock, &now);
    return (uint64_t)now.tv_sec * 1000000000 + (uint64_t)now.tv_nsec;
}

uint64_t cshared_monotonic_now(void) { return nanoseconds(CLOCK_MONOTONIC); }

uint64_t cshared_unix_now(void) { return nanoseconds(CLOCK_REALTIME); }
