import CWire

/// Validates one message and finds its JSON-RPC envelope, in one pass and without allocating.
///
/// The whole text is judged: grammar (RFC 8259), UTF-8, depth, size, and equal keys where the frame records
/// one. `docs/json-policy.md` says what is decided where RFC 8259 leaves a choice.
///
/// - Complexity: O(bytes), with a constant amount of stack.
public enum Scanner {
    public static func scan(_ bytes: borrowing RawSpan, limits: ScanLimits) throws(ScanError) -> Frame {
        try walk(bytes, limits) { cursor throws(ScanError) in
            var reader = EnvelopeReader()
            try reader.read(&cursor)
            return reader.frame
        }
    }

    public static func scan(_ bytes: [UInt8], limits: ScanLimits = .standard) throws(ScanError) -> Frame {
        // Proof: a byte has no padding that could be uninitialised.
        try unsafe scan(bytes.span.bytes, limits: limits)
    }

    /// Judges any JSON text; unlike `scan`, it lets equal keys pass.
    public static func validate(_ bytes: [UInt8], limits: ScanLimits = .standard) throws(ScanError) {
        _ = try validatedRoot(bytes, limits: limits)
    }

    /// Judges any JSON text and returns its top-level value, without the white space around it.
    static func validatedRoot(_ bytes: [UInt8], limits: ScanLimits) throws(ScanError) -> ByteRange {
        // Proof: a byte has no padding that could be uninitialised.
        try unsafe walk(bytes.span.bytes, limits) { cursor throws(ScanError) in try cursor.captureValue() }
    }

    /// Checks size and encoding, runs `body` with a cursor on the top-level value, and requires the end
    /// behind it.
    @inline(__always)
    private static func walk<Value>(
        _ bytes: borrowing RawSpan, _ limits: ScanLimits, _ body: (inout Cursor) throws(ScanError) -> Value
    ) throws(ScanError) -> Value {
        let count = bytes.byteCount
        guard count > 0 else { throw .empty }
        guard count <= min(limits.maxBytes, ScanLimits.largestMessageBytes) else {
            throw .tooLarge(bytes: count)
        }
        let maxDepth = min(max(limits.maxDepth, 0), ScanLimits.deepestNesting)
        return try unsafe bytes.withUnsafeBytes { buffer throws(ScanError) in
            let source = unsafe buffer.baseAddress!.assumingMemoryBound(to: UInt8.self)
            try unsafe refuseOtherEncodings(source, count)
            return try unsafe withBuffers { index, starts, closers throws(ScanError) in
                var cursor = try unsafe Cursor(
                    source: source, count: count, index: index, starts: starts, closers: closers,
                    maxDepth: maxDepth)
                guard cursor.position < count else { throw .empty }
                let value = try body(&cursor)
                guard cursor.position == count else { throw .trailingBytes(offset: cursor.position) }
                return value
            }
        }
    }

    /// Takes a cursor's buffers from the stack: each is of at most 1024 bytes, so none comes from the heap.
    @inline(__always)
    private static func withBuffers<Value>(
        _ body: (
            UnsafeMutablePointer<cwire_index>, UnsafeMutablePointer<UInt16>, UnsafeMutablePointer<UInt8>
        ) throws(ScanError) -> Value
    ) throws(ScanError) -> Value {
        let levels = ScanLimits.deepestNesting
        return try unsafe withUnsafeTemporaryAllocation(of: cwire_index.self, capacity: 1) {
            index throws(ScanError) in
            try unsafe withUnsafeTemporaryAllocation(of: UInt16.self, capacity: Int(CWIRE_STARTS)) {
                starts throws(ScanError) in
                try unsafe withUnsafeTemporaryAllocation(of: UInt8.self, capacity: levels) {
                    closers throws(ScanError) in
                    try unsafe body(index.baseAddress!, starts.baseAddress!, closers.baseAddress!)
                }
            }
        }
    }

    /// Names the encodings that RFC 8259 section 8.1 rules out, by byte order mark or by zero bytes at the
    /// front.
    private static func refuseOtherEncodings(
        _ source: UnsafePointer<UInt8>, _ count: Int
    ) throws(ScanError) {
        guard count >= 2 else { return }
        let first = unsafe source[0]
        let second = unsafe source[1]
        if first == 0xEF, second == 0xBB, count >= 3, unsafe source[2] == 0xBF { throw .byteOrderMark }
        if (first == 0xFF && second == 0xFE) || (first == 0xFE && second == 0xFF) { throw .notUTF8Encoding }
        if first == 0 || second == 0 { throw .notUTF8Encoding }
    }
}
