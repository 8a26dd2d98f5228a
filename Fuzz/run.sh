#!/usr/bin/env bash
# Fuzzes Wire for the given number of seconds (60 without an argument) under libFuzzer and the address
# sanitizer, and compares its verdicts with those of simdjson (apt: libsimdjson-dev). Findings are left in
# Fuzz/artifacts.
set -euo pipefail
cd "$(dirname "$0")/.."
seconds="${1:-60}"
build="${FUZZ_BUILD:-Fuzz/.build}"
mkdir -p "$build/cwire" Fuzz/corpus Fuzz/artifacts

cat > "$build/cwire/module.modulemap" <<END
module CWire { umbrella header "$PWD/Sources/Core/CWire/include/CWire.h" export * }
END
# The inline functions of CWire are compiled by Swift's importer, which needs the sanitizer told apart.
flags=(
    -O -g -swift-version 6 -package-name attune -parse-as-library -whole-module-optimization
    -enable-experimental-feature Lifetimes -strict-memory-safety
    -sanitize=fuzzer,address -Xcc -fsanitize=address,fuzzer-no-link
    -I "$build" -I "$build/cwire" -I Fuzz/Simdjson
)
swiftc "${flags[@]}" -module-name Wire -emit-module -emit-module-path "$build/Wire.swiftmodule" \
    -c Sources/Core/Wire/*.swift -o "$build/Wire.o"
clang++ -std=c++17 -O2 -c Fuzz/Simdjson/simdjson_verdict.cpp -o "$build/simdjson_verdict.o"
swiftc "${flags[@]}" -module-name WireFuzz Fuzz/WireFuzz.swift "$build/Wire.o" "$build/simdjson_verdict.o" \
    -lsimdjson -lstdc++ -o "$build/wire-fuzz"

export SWIFT_BACKTRACE=enable=no
"$build/wire-fuzz" -max_total_time="$seconds" -max_len=4096 -dict=Fuzz/json.dict -timeout=10 \
    -artifact_prefix=Fuzz/artifacts/ -print_final_stats=1 Fuzz/corpus Fuzz/seeds
