/// Compares a JSON string, escapes decoded, with UTF-8 text.
enum TextCompare {
    /// - Parameter quoted: a string with its quotes.
    static func equal(_ bytes: [UInt8], _ quoted: ByteRange, _ text: Span<UInt8>) -> Bool {
        guard quoted.count >= 2 else { return false }
        let contents = bytes[(quoted.range.lowerBound + 1)..<(quoted.range.upperBound - 1)]
        guard contents.contains(UInt8(ascii: "\\")) else {
            guard contents.count == text.count else { return false }
            let start = contents.startIndex
            for step in 0..<text.count where contents[start + step] != text[step] { return false }
            return true
        }
        var step = 0
        for piece in EscapeDecoder(contents) {
            switch piece {
            case .byte(let byte):
                guard step < text.count, text[step] == byte else { return false }
                step += 1
            case .unicode(let scalar):
                for unit in UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter {
                    guard step < text.count, text[step] == unit else { return false }
                    step += 1
                }
            }
        }
        return step == text.count
    }
}
