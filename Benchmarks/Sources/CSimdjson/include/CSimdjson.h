// Two ways to read a message with simdjson, over a copy that has the padding it needs.
#pragma once

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct simdjson_bench simdjson_bench;

// Copies a text behind padding; never freed, a benchmark has a handful.
simdjson_bench *simdjson_bench_make(const uint8_t *bytes, size_t count);

// Parses the whole text into a tape and looks up the envelope; returns what it found, 0 for an invalid text.
size_t simdjson_bench_dom(simdjson_bench *bench);

// Looks up the envelope on demand; values that are not asked for are skipped and not validated.
size_t simdjson_bench_ondemand(simdjson_bench *bench);

// The implementation that simdjson picked for this processor.
const char *simdjson_bench_implementation(void);

#ifdef __cplusplus
}
#endif
