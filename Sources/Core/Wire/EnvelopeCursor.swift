/// What an `EnvelopeReader` asks of a walk over one text.
protocol EnvelopeCursor: ~Copyable {
    var source: UnsafePointer<UInt8> { get }
    /// Offset and value of the first byte of the token under the cursor; the length of the text and 0 at its
    /// end.
    var position: Int { get }
    var byte: UInt8 { get }
    /// Whether a string that has been passed may hold an escape.
    var mayHaveEscapes: Bool { get }

    /// Passes one value of any type; the cursor is then at the token behind it.
    mutating func passValue() throws(ScanError)

    /// Enters the object under the cursor.
    mutating func openObject() throws(ScanError)

    /// Moves to the next member of the object that was opened last, and past its key.
    ///
    /// - Returns: the key, or nil behind the object's closing bracket.
    mutating func nextKey(first: inout Bool) throws(ScanError) -> KeyText?
}

extension EnvelopeCursor where Self: ~Copyable {
    /// Passes one value and returns where it is.
    @inline(__always)
    mutating func captureValue() throws(ScanError) -> ByteRange {
        let start = position
        try passValue()
        return range(from: start)
    }

    /// From `start` to the end of the token before the one under the cursor.
    @inline(__always)
    func range(from start: Int) -> ByteRange {
        // Offsets are below `ScanLimits.largestMessageBytes`.
        ByteRange(
            start: UInt32(truncatingIfNeeded: start), end: UInt32(truncatingIfNeeded: endBefore(position)))
    }

    /// The contents of a string that has been passed.
    @inline(__always)
    func text(_ quoted: ByteRange) -> KeyText {
        unsafe KeyText(source, Int(quoted.start) + 1, Int(quoted.end) - 1, mayHaveEscapes: mayHaveEscapes)
    }

    /// The end of the token before `offset`, without the white space between.
    @inline(__always)
    func endBefore(_ offset: Int) -> Int {
        var end = offset
        while end > 0 {
            switch unsafe source[end - 1] {
            case 0x20, 0x0A, 0x0D, 0x09: end -= 1
            default: return end
            }
        }
        return end
    }
}
