#include "simdjson_verdict.h"

#include <simdjson.h>

extern "C" simdjson_verdict simdjson_judge(const uint8_t *bytes, size_t count) {
    static simdjson::dom::parser parser;
    const simdjson::padded_string text(reinterpret_cast<const char *>(bytes), count);
    simdjson::dom::element root;
    switch (parser.parse(text).get(root)) {
    case simdjson::SUCCESS: return simdjson_accepts;
    case simdjson::NUMBER_ERROR: return simdjson_refuses_number;
    case simdjson::STRING_ERROR: return simdjson_refuses_string;
    case simdjson::DEPTH_ERROR: return simdjson_refuses_depth;
    default: return simdjson_refuses;
    }
}
