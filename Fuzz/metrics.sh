#!/usr/bin/env bash
# Fuzzes the reader of the metric history's frames for the given number of seconds (60 without an argument)
# under libFuzzer and the address sanitizer. Findings are left in Fuzz/artifacts.
set -euo pipefail
cd "$(dirname "$0")/.."
seconds="${1:-60}"
build="${FUZZ_BUILD:-Fuzz/.build}/metrics"
mkdir -p "$build" Fuzz/corpus/metrics Fuzz/artifacts

flags=(
    -O -g -swift-version 6 -package-name attune -parse-as-library -whole-module-optimization
    -enable-experimental-feature Lifetimes -strict-memory-safety -sanitize=fuzzer,address -I "$build"
)
objects=()
for room in Core/Identifiers Core/Telemetry Persistence/Storage Persistence/MetricHistory; do
    name=$(basename "$room")
    swiftc "${flags[@]}" -module-name "$name" -emit-module -emit-module-path "$build/$name.swiftmodule" \
        -c Sources/"$room"/*.swift -o "$build/$name.o"
    objects+=("$build/$name.o")
done
swiftc "${flags[@]}" -module-name MetricsFuzz Fuzz/MetricsFuzz.swift "${objects[@]}" -o "$build/metrics-fuzz"

export SWIFT_BACKTRACE=enable=no
"$build/metrics-fuzz" -max_total_time="$seconds" -max_len=4096 -timeout=10 \
    -artifact_prefix=Fuzz/artifacts/ -print_final_stats=1 Fuzz/corpus/metrics
