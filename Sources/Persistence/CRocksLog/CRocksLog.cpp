#include "CRocksLog.h"

#include <rocksdb/env.h>

#include <cstdarg>
#include <memory>

namespace {

class NoLog final : public rocksdb::Logger {
  public:
    NoLog() : rocksdb::Logger(rocksdb::InfoLogLevel::HEADER_LEVEL) {}
    using rocksdb::Logger::Logv;
    void Logv(const char *, va_list) override {}
};

} // namespace

// As RocksDB's own c.cc defines it; the C interface has no function that makes one.
struct rocksdb_logger_t {
    std::shared_ptr<rocksdb::Logger> rep;
};

void crocks_log_nothing(rocksdb_options_t *options) {
    rocksdb_logger_t logger{std::make_shared<NoLog>()};
    rocksdb_options_set_info_log(options, &logger);
}
