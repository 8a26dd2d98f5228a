extension Cursor {
    /// Checks the number or literal at a token, and that nothing else is joined to it.
    @inline(__always)
    func checkScalar(_ token: Token) throws(ScanError) {
        let end: Int
        switch token.byte {
        case UInt8(ascii: "t"): end = try literalEnd(token.position, "true", 0x6575_7274, skipping: 0)
        case UInt8(ascii: "f"): end = try literalEnd(token.position, "false", 0x6573_6C61, skipping: 1)
        case UInt8(ascii: "n"): end = try literalEnd(token.position, "null", 0x6C6C_756E, skipping: 0)
        default: end = try numberEnd(token)
        }
        guard end < count else { return }
        switch unsafe source[end] {
        case 0x20, 0x0A, 0x0D, 0x09, UInt8(ascii: ","), UInt8(ascii: "]"), UInt8(ascii: "}"): return
        default: throw .syntax(offset: end)
        }
    }

    /// - Parameters:
    ///   - word: the literal's last four bytes, the first of them lowest.
    ///   - skipping: how many bytes come before those.
    @inline(__always)
    private func literalEnd(
        _ start: Int, _ literal: StaticString, _ word: UInt32, skipping: Int
    ) throws(ScanError) -> Int {
        let end = start &+ skipping &+ 4
        guard end <= count else { throw literalFault(start, literal) }
        let bytes = unsafe UnsafeRawPointer(source + start + skipping)
        guard unsafe UInt32(littleEndian: bytes.loadUnaligned(as: UInt32.self)) == word else {
            throw literalFault(start, literal)
        }
        return end
    }

    @inline(never)
    private func literalFault(_ start: Int, _ literal: StaticString) -> ScanError {
        let expected = literal.bytes
        for step in 0..<expected.count {
            guard start + step < count, unsafe source[start + step] == expected[step] else {
                return .syntax(offset: start + step)
            }
        }
        return .syntax(offset: start + expected.count)
    }

    /// number = [ "-" ] int [ "." 1*DIGIT ] [ ("e" / "E") [ "+" / "-" ] 1*DIGIT ] (RFC 8259 section 6).
    @inline(__always)
    private func numberEnd(_ token: Token) throws(ScanError) -> Int {
        var end = token.position
        if token.byte == UInt8(ascii: "-") { end &+= 1 }
        let isZero = unsafe end < count && source[end] == UInt8(ascii: "0")
        end = isZero ? end &+ 1 : try digitsEnd(end)
        guard end < count else { return end }
        let next = unsafe source[end]
        guard next == UInt8(ascii: ".") || next | 0x20 == UInt8(ascii: "e") else { return end }
        if next == UInt8(ascii: ".") {
            end = try digitsEnd(end &+ 1)
        }
        if end < count, unsafe source[end] | 0x20 == UInt8(ascii: "e") {
            end &+= 1
            if end < count, unsafe source[end] == UInt8(ascii: "+") || source[end] == UInt8(ascii: "-") {
                end &+= 1
            }
            end = try digitsEnd(end)
        }
        return end
    }

    /// Passes one digit or more.
    @inline(__always)
    private func digitsEnd(_ start: Int) throws(ScanError) -> Int {
        var end = start
        while end < count, unsafe source[end] &- UInt8(ascii: "0") < 10 { end &+= 1 }
        guard end > start else { throw .syntax(offset: start) }
        return end
    }
}
