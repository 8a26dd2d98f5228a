import Foundation

/// The terminal that standard output is, for views that are drawn anew in the same place.
struct Screen {
    private static let fallbackRows = 24

    /// nil where standard output is no terminal, or one that knows no control sequences.
    init?() {
        let term = ProcessInfo.processInfo.environment["TERM"] ?? "dumb"
        guard isatty(STDOUT_FILENO) == 1, term != "dumb" else { return nil }
    }

    /// Draws lines from the upper left corner; what does not fit is left out (ECMA-48: CUP, EL, ED; DECAWM).
    func draw(_ lines: [String]) {
        let shown = lines.flatMap { $0.split(separator: "\n", omittingEmptySubsequences: false) }
            .prefix(max(1, rows - 1))
        let body = shown.map { $0 + "\u{1B}[K" }.joined(separator: "\n")
        Console.data("\u{1B}[?7l\u{1B}[H" + body + "\n\u{1B}[J\u{1B}[?7h\r")
    }

    private var rows: Int {
        var size = winsize()
        // Proof: `size` outlives the call, which writes one winsize.
        let isKnown = unsafe ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0 && size.ws_row > 0
        return isKnown ? Int(size.ws_row) : Self.fallbackRows
    }
}
