// RocksDB's C API alone, for comparison: threads that put values of one length under rising keys.
#pragma once
#include <stdint.h>

/// Runs `threads` threads of `writes` writes each on a new database in `directory`, synced each if `synced`,
/// and fills `nanoseconds` (threads * writes of them) with what each write took.
///
/// Returns the nanoseconds of the whole run, or 0 if RocksDB refused something.
uint64_t crocks_bench(const char *directory, int threads, int writes, int value_bytes, int synced,
                      uint64_t *nanoseconds);
