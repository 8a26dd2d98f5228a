/// Makes messages fit for peers that read one message a line.
package enum SingleLine {
    /// The message with every line end turned into a space; valid JSON has them only between its tokens.
    ///
    /// - Complexity: one pass; a message on one line, the common case, is returned as it is.
    package static func flattened(_ message: [UInt8]) -> [UInt8] {
        guard hasLineEnd(message) else { return message }
        return message.map { $0 == lineFeed || $0 == carriageReturn ? UInt8(ascii: " ") : $0 }
    }

    private static let lineFeed: UInt8 = 0x0A
    private static let carriageReturn: UInt8 = 0x0D

    /// Looks at every byte without leaving early, so that the compiler can take many at once.
    private static func hasLineEnd(_ message: [UInt8]) -> Bool {
        let bytes = message.span
        var found: UInt8 = 0
        for index in bytes.indices {
            let byte = bytes[index]
            found |= (byte == lineFeed ? 1 : 0) | (byte == carriageReturn ? 1 : 0)
        }
        return found != 0
    }
}
