/// Reads one input as each thing that a history reads from a store or a bundle: nothing may trap, and what is
/// accepted has one encoding only.
///
/// The first byte says which thing it is, the second how long the result of unpacking may be.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzOne(_ data: UnsafePointer<UInt8>, _ count: Int) -> CInt {
    // Proof: libFuzzer keeps `count` bytes at `data` alive during the call.
    let input = unsafe [UInt8](UnsafeBufferPointer(start: data, count: count))
    guard input.count >= 2 else { return 0 }
    let (kind, length, bytes) = (input[0] % 9, Int(input[1]) * 16, Array(input.dropFirst(2)))
    switch kind {
    case 0: if let tree = ModelTree(bytes) { precondition(tree.encoded == bytes, "a tree has two encodings") }
    case 1:
        if let commit = ModelCommit(bytes) {
            precondition(commit.encoded == bytes, "a commit has two encodings")
        }
    case 2:
        if let entry = ReflogEntry(bytes, sequence: 1) {
            precondition(entry.encoded == bytes, "a reflog entry has two encodings")
        }
    case 3: _ = LZ4Block.decompress(bytes[...], length: length)
    case 4:
        precondition(
            LZ4Block.decompress(LZ4Block.compress(bytes)[...], length: bytes.count) == bytes, "LZ4 lost bytes"
        )
    case 5:
        var content = Array(bytes.prefix(length))
        _ = BinaryDelta(Array(bytes.dropFirst(length)))?.apply(to: &content, length: Int(input[1]) * 8)
    case 6:
        let (base, target) = (Array(bytes.prefix(length)), Array(bytes.dropFirst(length)))
        var content = base
        let delta = BinaryDelta(BinaryDelta.encode(from: base, to: target))
        precondition(delta?.apply(to: &content, length: target.count) == true, "a delta does not fit")
        precondition(content == target, "a delta makes something else")
    case 7:
        var content: [UInt8] = []
        _ = ObjectRecord(bytes)?.apply(to: &content)
    default:
        guard let header = try? BundleHeader(bytes, isGrafted: !input[1].isMultiple(of: 2)) else { return 0 }
        precondition(
            Array(header.encoded.dropFirst(BundleHeader.frontBytes)) == bytes,
            "a bundle's header has two encodings")
    }
    return 0
}
