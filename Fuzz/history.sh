#!/usr/bin/env bash
# Fuzzes what a history of models reads from stores and bundles for the given number of seconds (60 without an
# argument) under libFuzzer and the address sanitizer. Findings are left in Fuzz/artifacts.
set -euo pipefail
cd "$(dirname "$0")/.."
seconds="${1:-60}"
build="${FUZZ_BUILD:-Fuzz/.build}"
mkdir -p "$build" Fuzz/history-corpus Fuzz/artifacts

# Everything is one module, so that the fuzzer sees what is internal; a stub stands for swift-crypto.
flags=(
    -O -g -swift-version 6 -package-name attune -parse-as-library -whole-module-optimization
    -enable-experimental-feature Lifetimes -sanitize=fuzzer,address -I "$build"
)
history=Sources/Persistence/ModelHistory
swiftc "${flags[@]}" -module-name Crypto -emit-module -emit-module-path "$build/Crypto.swiftmodule" \
    -c Fuzz/History/Crypto.swift -o "$build/Crypto.o"
swiftc "${flags[@]}" -module-name Storage -emit-module -emit-module-path "$build/Storage.swiftmodule" \
    -c Sources/Persistence/Storage/*.swift -o "$build/Storage.o"
swiftc "${flags[@]}" -module-name HistoryFuzz \
    "$history"/Objects/*.swift "$history"/HistoryError*.swift "$history"/References/*.swift \
    "$history"/Bundles/BundleHeader.swift \
    "$history"/Packing/{BitReader,BitWriter,RiceCode,BlockIndex,DeltaStep,DeltaScan,BinaryDelta,LZ4Block}.swift \
    "$history"/Packing/{DeltaSource,ObjectRecord}.swift \
    Fuzz/History/HistoryFuzz.swift "$build/Crypto.o" "$build/Storage.o" -o "$build/history-fuzz"

export SWIFT_BACKTRACE=enable=no
"$build/history-fuzz" -max_total_time="$seconds" -max_len=4096 -timeout=10 \
    -artifact_prefix=Fuzz/artifacts/ -print_final_stats=1 Fuzz/history-corpus
