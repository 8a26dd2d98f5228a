import CWire

/// Validates one message and finds its JSON-RPC envelope, without allocating.
///
/// The whole text is judged: grammar (RFC 8259), UTF-8, depth, size, and equal keys where the frame records
/// one. `docs/json-policy.md` says what is decided where RFC 8259 leaves a choice.
///
/// A text is judged in one pass that does not stop at its tokens (`cwire_outline.h`). Where that is in doubt,
/// at every fault and in a few texts without one, a walk over all tokens decides (`Cursor`): it names the
/// first fault.
///
/// - Complexity: O(bytes), with a constant amount of stack.
public enum Scanner {
    public static func scan(_ bytes: borrowing RawSpan, limits: ScanLimits) throws(ScanError) -> Frame {
        var reader = EnvelopeReader()
        try scan(bytes, limits, &reader)
        return reader.frame
    }

    public static func scan(_ bytes: [UInt8], limits: ScanLimits = .standard) throws(ScanError) -> Frame {
        var reader = EnvelopeReader()
        // Proof: a byte has no padding that could be uninitialised.
        try unsafe scan(bytes.span.bytes, limits, &reader)
        return reader.frame
    }

    /// As `scan`, by the walk over all tokens alone: for tests, which compare the two.
    package static func scanByWalk(_ bytes: [UInt8], limits: ScanLimits) throws(ScanError) -> Frame {
        var reader = EnvelopeReader()
        // Proof: a byte has no padding that could be uninitialised.
        try unsafe walk(bytes.span.bytes, limits) { cursor throws(ScanError) in try reader.read(&cursor) }
        return reader.frame
    }

    private static func scan(
        _ bytes: borrowing RawSpan, _ limits: ScanLimits, _ reader: inout EnvelopeReader
    ) throws(ScanError) {
        let isSure = unsafe outlined(bytes, limits, levels: OutlineCursor.levels) { outline, starts in
            do throws(ScanError) {
                var cursor = try unsafe OutlineCursor(outline, starts: starts)
                try reader.read(&cursor)
                return cursor.isAtEnd
            } catch {
                return false
            }
        }
        if isSure { return }
        reader = EnvelopeReader()
        try walk(bytes, limits) { cursor throws(ScanError) in try reader.read(&cursor) }
    }

    /// Judges any JSON text; unlike `scan`, it lets equal keys pass.
    public static func validate(_ bytes: [UInt8], limits: ScanLimits = .standard) throws(ScanError) {
        _ = try validatedRoot(bytes, limits: limits)
    }

    /// Judges any JSON text and returns its top-level value, without the white space around it.
    static func validatedRoot(_ bytes: [UInt8], limits: ScanLimits) throws(ScanError) -> ByteRange {
        // Proof: a byte has no padding that could be uninitialised.
        let span = unsafe bytes.span.bytes
        var root = ByteRange.none
        let isSure = unsafe outlined(span, limits, levels: 0) { outline, _ in
            repeat {
                unsafe cwire_outline_advance(outline)
                if unsafe outline.pointee.doubtful { return false }
            } while unsafe outline.pointee.next < outline.pointee.count
            root = unsafe ByteRange(outline.pointee.first..<outline.pointee.end)
            return true
        }
        if !isSure {
            try walk(span, limits) { cursor throws(ScanError) in root = try cursor.captureValue() }
        }
        return root
    }

    /// Gives `read` the outline of a text, at its front; false for a text that is in doubt, which may be
    /// right all the same.
    @inline(__always)
    private static func outlined(
        _ bytes: borrowing RawSpan, _ limits: ScanLimits, levels: Int,
        _ read: (UnsafeMutablePointer<cwire_outline>, UnsafePointer<UInt32>) -> Bool
    ) -> Bool {
        let count = bytes.byteCount
        guard count > 0, count <= min(limits.maxBytes, ScanLimits.largestMessageBytes) else { return false }
        let maxDepth = max(limits.maxDepth, 0)
        return unsafe bytes.withUnsafeBytes { buffer in
            let source = unsafe buffer.baseAddress!.assumingMemoryBound(to: UInt8.self)
            // Two buffers of at most 1024 bytes: the stack has them, so none comes from the heap.
            return unsafe withUnsafeTemporaryAllocation(of: cwire_outline.self, capacity: 1) { outline in
                unsafe withUnsafeTemporaryAllocation(of: UInt32.self, capacity: Int(CWIRE_OUTLINE_STARTS)) {
                    starts in
                    let outline = outline.baseAddress!
                    let starts = starts.baseAddress!
                    return unsafe cwire_outline_begin(outline, source, count, starts, maxDepth, levels)
                        && read(outline, starts)
                }
            }
        }
    }

    /// Checks size and encoding, runs `body` with a cursor on the top-level value, and requires the end
    /// behind it.
    @inline(__always)
    private static func walk(
        _ bytes: borrowing RawSpan, _ limits: ScanLimits, _ body: (inout Cursor) throws(ScanError) -> Void
    ) throws(ScanError) {
        let count = bytes.byteCount
        guard count > 0 else { throw .empty }
        guard count <= min(limits.maxBytes, ScanLimits.largestMessageBytes) else {
            throw .tooLarge(bytes: count)
        }
        let maxDepth = min(max(limits.maxDepth, 0), ScanLimits.deepestNesting)
        try unsafe bytes.withUnsafeBytes { buffer throws(ScanError) in
            let source = unsafe buffer.baseAddress!.assumingMemoryBound(to: UInt8.self)
            try unsafe refuseOtherEncodings(source, count)
            try unsafe withBuffers { index, starts, closers throws(ScanError) in
                var cursor = try unsafe Cursor(
                    source: source, count: count, index: index, starts: starts, closers: closers,
                    maxDepth: maxDepth)
                guard cursor.position < count else { throw .empty }
                try body(&cursor)
                guard cursor.position == count else { throw .trailingBytes(offset: cursor.position) }
            }
        }
    }

    /// Takes a cursor's buffers from the stack: each is of at most 1024 bytes, so none comes from the heap.
    @inline(__always)
    private static func withBuffers(
        _ body: (
            UnsafeMutablePointer<cwire_index>, UnsafeMutablePointer<UInt16>, UnsafeMutablePointer<UInt8>
        ) throws(ScanError) -> Void
    ) throws(ScanError) {
        let levels = ScanLimits.deepestNesting
        try unsafe withUnsafeTemporaryAllocation(of: cwire_index.self, capacity: 1) {
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
