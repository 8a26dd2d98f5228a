import Foundation

/// Standard output and standard error.
enum Console {
    /// Writes data, with a line end if it has none.
    static func data(_ text: String) { write(Array(text.utf8), to: .standardOutput) }

    static func data(_ bytes: [UInt8]) { write(bytes, to: .standardOutput) }

    /// Writes what is said beside the data.
    static func talk(_ text: String) { write(Array(text.utf8), to: .standardError) }

    /// Whether colours may be used on standard output (no-color.org).
    static var isColored: Bool { mayColor && isatty(STDOUT_FILENO) == 1 }

    /// Whether colours may be used on standard error.
    static var isTalkColored: Bool { mayColor && isatty(STDERR_FILENO) == 1 }

    private static var mayColor: Bool {
        let environment = ProcessInfo.processInfo.environment
        return (environment["NO_COLOR"] ?? "").isEmpty && environment["TERM"] != "dumb"
    }

    private static func write(_ bytes: [UInt8], to handle: FileHandle) {
        var bytes = bytes
        if bytes.last != UInt8(ascii: "\n") { bytes.append(UInt8(ascii: "\n")) }
        // A reader that has gone is no failure of the command.
        try? handle.write(contentsOf: Data(bytes))
    }
}
