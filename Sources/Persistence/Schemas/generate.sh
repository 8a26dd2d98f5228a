#!/usr/bin/env bash
# Writes the Swift and the Python code of the schemas anew, from the folder that this lies in:
# Debian's protobuf-compiler 3.21.12, and protoc-gen-swift 1.39.0, built from the checkout of swift-protobuf.
#
# usage: generate.sh [python FOLDER]
#
# With `python` it writes the Python code alone, to FOLDER, for which protoc is enough.
set -euo pipefail

cd "$(dirname "$0")"
root=../../..

# protoc names Python modules by the path of the schema; in the package they are in attune.schemas.
python_code() {
    local made
    made=$(mktemp -d)
    protoc --proto_path=. --python_out="$made" --pyi_out="$made" attune/*.proto
    sed -i -E "s/^from attune import ([a-z_]+_pb2)/from attune.schemas import \\1/; s/'attune\\.([a-z_]+_pb2)'/'attune.schemas.\\1'/" \
        "$made"/attune/*
    mv "$made"/attune/*_pb2.py "$made"/attune/*_pb2.pyi "$1/"
    rm -r "$made"
}

if [ "${1:-}" = python ]; then
    python_code "$2"
    exit
fi
python_code "$root/python/src/attune/schemas"
swift build --package-path "$root" --product protoc-gen-swift
plugin=$root/.build/debug/protoc-gen-swift
protoc --plugin=protoc-gen-swift="$plugin" --proto_path=. --swift_opt=Visibility=Public \
    --swift_opt=FileNaming=DropPath --swift_out=Generated attune/*.proto
