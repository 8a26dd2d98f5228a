import Learners

/// Cuts text into words that may be values: letters and digits, also joined by `_`, `@`, `.`, `+` and `-`, in
/// lower case and without `www.`, so that `http://www.a-shop.com/` holds `a-shop.com`.
///
/// - Complexity: one step a byte.
enum ValueWords {
    struct Word {
        var hash: UInt64
        /// Where it stands in the text's own indices.
        var range: Range<Int>
        /// Whether it has a digit, a dot or an `@`, as have addresses, numbers and names of files.
        var isAddress: Bool
    }

    private static let leastBytes = 3

    static func forEach(_ text: ArraySlice<UInt8>, _ visit: (Word) -> Void) {
        var start = text.startIndex
        var index = start
        while index < text.endIndex {
            if fold[Int(text[index])] != 0 {
                index += 1
                continue
            }
            word(text, start..<index).map(visit)
            // What follows a backslash is an escape, and belongs to no word.
            index += text[index] == UInt8(ascii: "\\") ? 2 : 1
            start = index
        }
        if start < text.endIndex { word(text, start..<text.endIndex).map(visit) }
    }

    private static func word(_ text: ArraySlice<UInt8>, _ range: Range<Int>) -> Word? {
        var (first, end) = (range.lowerBound, range.upperBound)
        while first < end, isJoint(text[first]) { first += 1 }
        while first < end, isJoint(text[end - 1]) { end -= 1 }
        if end - first > 4, text[first..<first + 4].elementsEqual("www.".utf8, by: { fold[Int($0)] == $1 }) {
            first += 4
        }
        guard end - first >= leastBytes else { return nil }
        var state: UInt64 = 0
        var isAddress = false
        for byte in text[first..<end] {
            state = (state ^ UInt64(fold[Int(byte)])) &* 0x0000_0100_0000_01B3
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "@"), UInt8(ascii: "."): isAddress = true
            default: break
            }
        }
        return Word(hash: HashMix.mix(state, UInt64(end - first)), range: first..<end, isAddress: isAddress)
    }

    private static func isJoint(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: ".") || byte == UInt8(ascii: "+") || byte == UInt8(ascii: "-")
    }

    /// What a byte of a word counts as; 0 for a byte that ends one.
    private static let fold: [UInt8] = (0...255).map { (byte: Int) -> UInt8 in
        switch UInt8(byte) {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"): UInt8(byte + 32)
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
            UInt8(ascii: "_"), UInt8(ascii: "@"), UInt8(ascii: "."), UInt8(ascii: "+"), UInt8(ascii: "-"),
            0x80...0xFF:
            UInt8(byte)
        default: 0
        }
    }
}
