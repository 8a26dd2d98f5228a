// What simdjson says about a text.
#pragma once

#include <stddef.h>
#include <stdint.h>

enum simdjson_verdict {
    simdjson_accepts,
    simdjson_refuses,
    simdjson_refuses_number,  // also numbers that RFC 8259 allows and a 64-bit type cannot hold
    simdjson_refuses_string,  // also escapes of lone surrogates
    simdjson_refuses_depth,
};

#ifdef __cplusplus
extern "C"
#endif
enum simdjson_verdict simdjson_judge(const uint8_t *bytes, size_t count);
