import Foundation

extension Diagnostic: Encodable {
    private enum Key: String, CodingKey {
        case severity, file, line, column, length, message, suggestion
        case sourceLine = "source_line"
    }

    package func encode(to encoder: any Encoder) throws {
        var fields = encoder.container(keyedBy: Key.self)
        try fields.encode(severity.rawValue, forKey: .severity)
        try fields.encode(file, forKey: .file)
        try fields.encode(line, forKey: .line)
        try fields.encode(column, forKey: .column)
        try fields.encode(length, forKey: .length)
        try fields.encode(message, forKey: .message)
        try fields.encode(suggestion, forKey: .suggestion)
        try fields.encode(sourceLine, forKey: .sourceLine)
    }

    /// One JSON array of `{severity, file, line, column, length, message, suggestion, source_line}`; what is
    /// not known is null.
    package static func json(_ diagnostics: [Diagnostic]) -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        // Strings and integers only: the encoder has nothing to refuse.
        return (try? encoder.encode(diagnostics)).map(Array.init) ?? Array("[]".utf8)
    }
}
