/// Text and numbers at the end of raw bytes that are written into a message.
extension OutputRawSpan {
    /// Appends a copy of `bytes`; traps if there is no room.
    mutating func append(_ bytes: Span<UInt8>) {
        // Proof: the pointers are used within the closures only, and the slice is checked to hold the copy.
        unsafe withUnsafeMutableBytes { target, count in
            unsafe bytes.withUnsafeBytes { source in
                let slice = unsafe target[count..<count + source.count]
                // Proof: the slice is as long as what is copied into it, which initializes all of it.
                unsafe UnsafeMutableRawBufferPointer(rebasing: slice).copyMemory(from: source)
                count += source.count
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
