// What RocksDB's C interface (7.8) leaves out of its log of messages.
#pragma once
#include <rocksdb/c.h>

#ifdef __cplusplus
extern "C" {
#endif

/// Lets databases that are opened with these options write no log of messages.
void crocks_log_nothing(rocksdb_options_t *options);

#ifdef __cplusplus
}
#endif
