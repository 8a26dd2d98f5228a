/// Steps over validated JSON bytes, and turns string contents into text.
///
/// All offsets stay between `at` and `end`, also over bytes that are no JSON.
enum JSONText {
    /// The first byte at or after `at` that is neither white space nor a comma or colon.
    static func afterSeparators(_ bytes: [UInt8], _ at: Int, _ end: Int) -> Int {
        var at = at
        while at < end {
            switch bytes[at] {
            case 0x20, 0x0A, 0x0D, 0x09, UInt8(ascii: ","), UInt8(ascii: ":"): at += 1
            default: return at
            }
        }
        return at
    }

    /// The end of the value that starts at `at`.
    static func valueEnd(_ bytes: [UInt8], _ at: Int, _ end: Int) -> Int {
        guard at < end else { return end }
        switch bytes[at] {
        case UInt8(ascii: "\""): return stringEnd(bytes, at, end)
        case UInt8(ascii: "{"), UInt8(ascii: "["): return containerEnd(bytes, at, end)
        default: return scalarEnd(bytes, at, end)
        }
    }

    private static func stringEnd(_ bytes: [UInt8], _ at: Int, _ end: Int) -> Int {
        var at = at + 1
        while at < end {
            switch bytes[at] {
            case UInt8(ascii: "\""): return at + 1
            case UInt8(ascii: "\\"): at += 2
            default: at += 1
            }
        }
        return end
    }

    private static func containerEnd(_ bytes: [UInt8], _ at: Int, _ end: Int) -> Int {
        var at = at
        var depth = 0
        while at < end {
            switch bytes[at] {
            case UInt8(ascii: "\""):
                at = stringEnd(bytes, at, end)
                continue
            case UInt8(ascii: "{"), UInt8(ascii: "["): depth += 1
            case UInt8(ascii: "}"), UInt8(ascii: "]"):
                depth -= 1
                if depth == 0 { return at + 1 }
            default: break
            }
            at += 1
        }
        return end
    }

    private static func scalarEnd(_ bytes: [UInt8], _ at: Int, _ end: Int) -> Int {
        var at = at
        while at < end {
            switch bytes[at] {
            case 0x20, 0x0A, 0x0D, 0x09, UInt8(ascii: ","), UInt8(ascii: "]"), UInt8(ascii: "}"): return at
            default: at += 1
            }
        }
        return end
    }

    static func string(_ bytes: ArraySlice<UInt8>) -> String { String(decoding: bytes, as: UTF8.self) }

    /// The text of a string's contents (without quotes); lone surrogates become U+FFFD.
    static func unescaped(_ contents: ArraySlice<UInt8>) -> String {
        guard contents.contains(UInt8(ascii: "\\")) else { return string(contents) }
        var decoder = EscapeDecoder(contents)
        var out: [UInt8] = []
        out.reserveCapacity(contents.count)
        while let scalar = decoder.next() {
            switch scalar {
            case .byte(let byte): out.append(byte)
            case .unicode(let scalar):
                out.append(contentsOf: UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
            }
        }
        return string(out[...])
    }
}
