import SharedMemory

/// The two entries of a name in a table.
///
/// | key | value |
/// |---|---|
/// | 64-bit, 0x4E00000000000000 + id | kind (one byte, raw value of `NameKind`), UTF-8 text |
/// | "name/", kind (one byte), UTF-8 text | id (u64) |
///
/// A text over 200 bytes is cut at a character before the 184th byte, and "~" and the 16 hexadecimal digits
/// of the whole text's XXH64 (seed 0) follow.
enum NameEntry {
    static let mostTextBytes = 200
    private static let prefix: StaticString = "name/"
    private static let digestBytes = 16

    static func key(_ id: UInt32) -> UInt64 { 0x4E00_0000_0000_0000 | UInt64(id) }

    /// Calls `body` with kind and text as the value of a name's first entry has them, and the key of its
    /// second one.
    static func with<Result>(
        _ kind: NameKind, _ text: String,
        _ body: (_ value: UnsafeRawBufferPointer, _ key: BorrowedKey) -> Result
    ) -> Result {
        let prefixBytes = prefix.utf8CodeUnitCount
        return unsafe withUnsafeTemporaryAllocation(
            byteCount: prefixBytes + 1 + mostTextBytes, alignment: 8
        ) { buffer in
            unsafe buffer.copyMemory(
                from: UnsafeRawBufferPointer(start: prefix.utf8Start, count: prefixBytes))
            unsafe buffer[prefixBytes] = kind.rawValue
            let count = unsafe write(
                text, to: UnsafeMutableRawBufferPointer(rebasing: buffer[(prefixBytes + 1)...]))
            let key = unsafe UnsafeRawBufferPointer(rebasing: buffer[..<(prefixBytes + 1 + count)])
            return unsafe body(
                UnsafeRawBufferPointer(rebasing: key[prefixBytes...]), BorrowedKey(bytes: key))
        }
    }

    /// Writes the text, or what is left of a long one, and returns how many bytes that are.
    private static func write(_ text: String, to target: UnsafeMutableRawBufferPointer) -> Int {
        unsafe text.utf8Span.span.withUnsafeBytes { bytes in
            guard bytes.count > mostTextBytes else {
                unsafe target.copyMemory(from: bytes)
                return bytes.count
            }
            var end = mostTextBytes - digestBytes - 1
            while unsafe end > 0 && bytes[end] & 0xC0 == 0x80 { end -= 1 }
            unsafe target.copyMemory(from: UnsafeRawBufferPointer(rebasing: bytes[..<end]))
            unsafe target[end] = UInt8(ascii: "~")
            let hash = unsafe XXHash64.hash(bytes)
            for digit in 0..<digestBytes {
                let value = UInt8(truncatingIfNeeded: hash >> UInt64(60 - 4 * digit)) & 0xF
                unsafe target[end + 1 + digit] = value < 10 ? 0x30 + value : 0x57 + value
            }
            return end + 1 + digestBytes
        }
    }
}

extension StateReading {
    /// What the id of a name stands for; `nil` for 0, and for a name that is not there any more.
    public func name(_ id: UInt32) -> InternedName? {
        guard id != 0, let value = value(NameEntry.key(id)), let first = value.bytes.first,
            let kind = NameKind(rawValue: first)
        else { return nil }
        return InternedName(kind: kind, text: String(decoding: value.bytes.dropFirst(), as: UTF8.self))
    }
}
