#!/usr/bin/env bash
# Fuzzes what an audit log is read from (entries, proofs, signed heads, keys, whole stores) for the given
# number of seconds (60 without an argument) under libFuzzer and the address sanitizer. It needs the checkout
# of swift-protobuf that a build of the package makes. Findings are left in Fuzz/artifacts.
set -euo pipefail
cd "$(dirname "$0")/.."
seconds="${1:-60}"
build="${FUZZ_BUILD:-Fuzz/.build}/audit"
protobuf="${PROTOBUF:-.build/checkouts/swift-protobuf}/Sources/SwiftProtobuf"
mkdir -p "$build/cwire" Fuzz/corpus/audit Fuzz/artifacts
[ -d "$protobuf" ] || swift package resolve

cat > "$build/cwire/module.modulemap" <<END
module CWire { umbrella header "$PWD/Sources/Core/CWire/include/CWire.h" export * }
END
flags=(
    -O -g -swift-version 6 -package-name attune -parse-as-library -whole-module-optimization
    -enable-experimental-feature Lifetimes -sanitize=fuzzer,address
    -Xcc -fsanitize=address,fuzzer-no-link -I "$build" -I "$build/cwire"
)
objects=()
# usage: module NAME FILE...; stubs stand for swift-crypto, and what others wrote is not what is fuzzed.
module() {
    local name=$1
    shift
    swiftc "${flags[@]}" -module-name "$name" -emit-module -emit-module-path "$build/$name.swiftmodule" \
        -c "$@" -o "$build/$name.o"
    objects+=("$build/$name.o")
}
if [ ! -e "$build/SwiftProtobuf.o" ]; then
    mapfile -t files < <(find "$protobuf" -name '*.swift')
    module SwiftProtobuf "${files[@]}" -suppress-warnings
else
    objects+=("$build/SwiftProtobuf.o")
fi
module Crypto Fuzz/Audit/{SHA256,Curve25519}.swift
module Identifiers Sources/Core/Identifiers/*.swift
module Telemetry Sources/Core/Telemetry/*.swift
module Wire Sources/Core/Wire/*.swift
module Storage Sources/Persistence/Storage/*.swift
module Schemas Sources/Persistence/Schemas/*.swift Sources/Persistence/Schemas/Generated/*.swift
swiftc "${flags[@]}" -module-name AuditFuzz Sources/Security/Audit/*/*.swift Fuzz/Audit/{AuditFuzz,FuzzedLog,Kept}.swift \
    "${objects[@]}" -o "$build/audit-fuzz"

export SWIFT_BACKTRACE=enable=no
"$build/audit-fuzz" -max_total_time="$seconds" -max_len=4096 -timeout=10 \
    -artifact_prefix=Fuzz/artifacts/ -print_final_stats=1 Fuzz/corpus/audit
