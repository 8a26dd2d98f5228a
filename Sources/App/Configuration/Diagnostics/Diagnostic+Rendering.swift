extension Diagnostic {
    /// The text for a terminal: `FILE:LINE:COLUMN: error: MESSAGE`, the line with a caret, and the
    /// suggestion.
    ///
    /// - Parameter colored: whether escape sequences are used; the caller asks NO_COLOR and the terminal.
    package func rendered(colored: Bool) -> String {
        let (strong, tint, plain) =
            colored
            ? ("\u{1B}[1m", severity == .error ? "\u{1B}[31m" : "\u{1B}[33m", "\u{1B}[0m") : ("", "", "")
        var place = Self.printable(file)
        if let line { place += ":\(line)" }
        if let column { place += ":\(column)" }
        var text = "\(strong)\(place): \(tint)\(severity.rawValue):\(plain)\(strong) "
        text += "\(Self.printable(message))\(plain)"
        if let line, let column, let sourceLine {
            text += excerpt(line: line, column: column, source: sourceLine, tint: tint, plain: plain)
        }
        if let suggestion { text += "\n  = \(Self.printable(suggestion))" }
        return text
    }

    private func excerpt(line: Int, column: Int, source: String, tint: String, plain: String) -> String {
        let characters = Array(source.unicodeScalars)
        let first = max(0, min(column - 1, characters.count))
        let start = max(0, first - Self.contextBefore)
        let end = min(characters.count, start + Self.shownCharacters)
        let shown = Self.printable(String(String.UnicodeScalarView(characters[start..<end])))
        let pad = String(characters[start..<first].map { $0 == "\t" ? Character("\t") : Character(" ") })
        let carets = String(repeating: "^", count: max(1, min(length, end - first)))
        let number = String(line)
        let margin = String(repeating: " ", count: number.count)
        return "\n \(number) | \(shown)\n \(margin) | \(pad)\(tint)\(carets)\(plain)"
    }

    /// Control characters other than the tab would let a file steer the terminal.
    private static func printable(_ text: String) -> String {
        String(
            String.UnicodeScalarView(
                text.unicodeScalars.map { scalar in
                    let control =
                        scalar.properties.generalCategory == .control && scalar != "\t" && scalar != "\n"
                    return control ? "\u{FFFD}" : scalar
                }))
    }

    private static let contextBefore = 60
    private static let shownCharacters = 100
}
