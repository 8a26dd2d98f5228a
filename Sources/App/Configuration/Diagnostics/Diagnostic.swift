/// One thing that is wrong with, or worth knowing about, a configuration file.
package struct Diagnostic: Sendable, Equatable {
    package enum Severity: String, Sendable { case error, warning }

    package var severity: Severity
    package var file: String
    /// From 1; nil when the message is about the file as a whole.
    package var line: Int?
    /// From 1, in characters.
    package var column: Int?
    /// How many characters are meant, from the column on.
    package var length: Int
    package var message: String
    /// What to do, in one sentence; nil when the message says it.
    package var suggestion: String?
    /// The text of the line; nil when there is none.
    package var sourceLine: String?

    package init(
        severity: Severity, file: String, line: Int? = nil, column: Int? = nil, length: Int = 1,
        message: String, suggestion: String? = nil, sourceLine: String? = nil
    ) {
        self.severity = severity
        self.file = file
        self.line = line
        self.column = column
        self.length = length
        self.message = message
        self.suggestion = suggestion
        self.sourceLine = sourceLine
    }
}
