/// Makes messages fit for peers that read one message a line.
package enum SingleLine {
    /// The message with every line end turned into a space; valid JSON has them only between its tokens.
    ///
    /// - Complexity: one pass; a message on one line, the common case, is returned as it is.
    package static func flattened(_ message: [UInt8]) -> [UInt8] {
        guard message.contains(where: isLineEnd) else { return message }
        return message.map { isLineEnd($0) ? UInt8(ascii: " ") : $0 }
    }

    private static func isLineEnd(_ byte: UInt8) -> Bool { byte == 0x0A || byte == 0x0D }
}
