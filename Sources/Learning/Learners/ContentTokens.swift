/// Cuts text into words and hashes them: letters and digits, also joined by `_` and `-`, in lower case.
///
/// - Complexity: one step a byte, at most `mostBytes`.
package struct ContentTokens: Sendable {
    /// Bytes that are read of one text.
    package static let mostBytes = 3072

    /// Visits the hash of each word of two bytes or more, in their order, until the visitor returns false.
    @inline(__always)
    package static func forEach(
        _ text: ArraySlice<UInt8>, _ visit: (_ hash: UInt64) -> Bool
    ) {
        let fold = fold
        var state: UInt64 = 0
        var length = 0
        for byte in text.prefix(mostBytes) {
            let folded = fold[Int(byte)]
            if folded != 0 {
                state = (state ^ UInt64(folded)) &* 0x0000_0100_0000_01B3
                length += 1
                continue
            }
            if length > 1, !visit(HashMix.mix(state, UInt64(length))) { return }
            (state, length) = (0, 0)
        }
        if length > 1 { _ = visit(HashMix.mix(state, UInt64(length))) }
    }

    /// The hash that `forEach` gives for one word; 0 for text that is none.
    package static func hash(_ word: String) -> UInt64 {
        var found: UInt64 = 0
        forEach(Array(word.utf8)[...]) { hash in
            found = hash
            return true
        }
        return found
    }

    /// What a byte of a word counts as; 0 for a byte that ends one.
    private static let fold: [UInt8] = (0...255).map { (byte: Int) -> UInt8 in
        switch UInt8(byte) {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"): UInt8(byte + 32)
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
            UInt8(ascii: "_"), UInt8(ascii: "-"), 0x80...0xFF:
            UInt8(byte)
        default: 0
        }
    }
}
