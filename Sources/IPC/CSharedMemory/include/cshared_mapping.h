// System calls around mappings. Each returns a result of at least 0, or the negative error number.
#pragma once

#include "cshared_inline.h"

/// What a descriptor leads to.
typedef struct {
    uint64_t bytes;
    uint32_t mode;
    uint32_t user;
    bool is_regular;
    /// The file's seals, or -1 where the file system has none.
    int seals;
} cshared_file;

/// An anonymous file that can be sealed, closed on exec.
int cshared_create_anonymous(const char *name);
/// A file of mode 0600 for its owner only, that must not exist yet.
int cshared_create_file(const char *path);
/// A file for reading; a symbolic link is refused.
int cshared_open_file(const char *path);
/// Gives the file its size and reserves every byte of it, so that writing can't fail later.
int cshared_reserve(int descriptor, uint64_t bytes);
/// Forbids for ever to shrink it, to let it grow, to map it writable anew and to change the seals.
int cshared_seal(int descriptor);
/// True if seals forbid what would make a reader's mapping fail under it.
bool cshared_is_sealed(int seals);
int cshared_describe(int descriptor, cshared_file *file);
/// A shared mapping that core dumps leave out; NULL, and the negative error number in *error.
void *cshared_map(int descriptor, uint64_t bytes, bool writable, int *error);
void cshared_unmap(void *start, uint64_t bytes);
/// Nanoseconds of CLOCK_MONOTONIC, and of CLOCK_REALTIME.
uint64_t cshared_monotonic_now(void);
uint64_t cshared_unix_now(void);
