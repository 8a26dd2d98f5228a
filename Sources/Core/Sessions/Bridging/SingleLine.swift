/// Makes messages fit for peers that read one message a line.
package enum SingleLine {
    /// The message with every line end turned into a space; valid JSON has them only between its tokens.
    ///
    /// - Complexity: one pass; a message on one line, the common case, is returned as it is.
    package static func flattened(_ message: [UInt8]) -> [UInt8] {
        hasLineEnd(message) ? message.map { isLineEnd($0) ? UInt8(ascii: " ") : $0 } : message
    }

    /// Looks at every byte without leaving early, so that the loop runs on vectors.
    private static func hasLineEnd(_ message: [UInt8]) -> Bool {
        var found = false
        for byte in message { found = isLineEnd(byte) || found }
        return found
    }

    @inline(__always)
    private static func isLineEnd(_ byte: UInt8) -> Bool { byte == 0x0A || byte == 0x0D }
}
