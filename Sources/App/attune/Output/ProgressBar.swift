import Foundation

/// How far a long command is, on one line of standard error; silent where that is no terminal.
struct ProgressBar {
    private static let cells = 30

    private let isShown =
        isatty(STDERR_FILENO) == 1 && ProcessInfo.processInfo.environment["TERM"] != "dumb"
    private var isDrawn = false

    mutating func show(_ name: String, _ done: Int, of total: Int) {
        guard isShown, total > 0 else { return }
        let full = Self.cells * min(done, total) / total
        let bar = String(repeating: "#", count: full) + String(repeating: ".", count: Self.cells - full)
        write("\r\u{1B}[K[\(bar)] \(done * 100 / total) % \(Style.printable(name))")
        isDrawn = true
    }

    mutating func clear() {
        if isDrawn { write("\r\u{1B}[K") }
        isDrawn = false
    }

    private func write(_ text: String) {
        // Nobody waits for the bar: a terminal that has gone is no failure.
        try? FileHandle.standardError.write(contentsOf: Data(text.utf8))
    }
}
