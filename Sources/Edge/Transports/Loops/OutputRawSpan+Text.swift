/// Text and numbers at the end of raw bytes that are written into a message.
extension OutputRawSpan {
    /// Appends a copy of `bytes`; traps if there is no room.
    mutating func append(_ bytes: Span<UInt8>) {
        // Proof: the slice is checked to hold as many bytes as are copied, all of which are then initialized.
        unsafe withUnsafeMutableBytes { target, count in
            unsafe bytes.withUnsafeBytes { source in
                let end = count + source.count
                unsafe UnsafeMutableRawBufferPointer(rebasing: target[count..<end]).copyMemory(from: source)
                count = end
            }
        }
    }

    mutating func append(_ text: StaticString) {
        // Proof: `utf8Start` traps unless the bytes stand in the program, where they stay and are only read.
        let bytes = unsafe UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount)
        append(unsafe bytes.span)
    }

    mutating func append(text: String) { append(text.utf8Span.span) }

    /// - Parameter number: at least 0.
    mutating func append(decimal number: Int) {
        var power = 1
        while number / power >= 10 { power *= 10 }
        while power > 0 {
            append(0x30 + UInt8(truncatingIfNeeded: number / power % 10))
            power /= 10
        }
    }
}
