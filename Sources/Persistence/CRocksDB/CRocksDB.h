// The C API of RocksDB (7.8 or later), as librocksdb-dev installs it.
#pragma once
#include <rocksdb/c.h>
