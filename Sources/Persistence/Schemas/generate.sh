#!/usr/bin/env bash
# Writes the Swift code of the schemas anew, from the folder that this lies in:
# Debian's protobuf-compiler 3.21.12, and protoc-gen-swift 1.39.0, built from the checkout of swift-protobuf.
set -euo pipefail

cd "$(dirname "$0")"
root=../../..
swift build --package-path "$root" --product protoc-gen-swift
plugin=$root/.build/debug/protoc-gen-swift
protoc --plugin=protoc-gen-swift="$plugin" --proto_path=. --swift_opt=Visibility=Public \
    --swift_opt=FileNaming=DropPath --swift_out=Generated attune/*.proto
