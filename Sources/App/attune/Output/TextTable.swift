/// Rows for people, in aligned columns.
struct TextTable {
    struct Column {
        var title: String
        var isNumber = false

        init(_ title: String, isNumber: Bool = false) {
            self.title = title
            self.isNumber = isNumber
        }
    }

    struct Cell: ExpressibleByStringLiteral {
        var text: String
        var tint: Style.Tint?

        init(_ text: String, _ tint: Style.Tint? = nil) {
            self.text = Style.printable(text)
            self.tint = tint
        }

        init(stringLiteral text: String) { self.init(text) }

        /// A word that says how something is, in its colour.
        static func state(_ word: String) -> Cell { Cell(word, Style.tint(ofState: word)) }
    }

    private let columns: [Column]
    private var rows: [[Cell]] = []

    init(_ columns: [Column]) { self.columns = columns }

    mutating func add(_ cells: [Cell]) { rows.append(cells) }

    func rendered(_ style: Style) -> String {
        let widths = columns.indices.map { column in
            rows.reduce(columns[column].title.count) { max($0, $1[column].text.count) }
        }
        let titles = columns.map { Cell($0.title.uppercased(), .dim) }
        return ([titles] + rows).map { line($0, widths, style) }.joined(separator: "\n")
    }

    private func line(_ cells: [Cell], _ widths: [Int], _ style: Style) -> String {
        var line = ""
        for (column, cell) in cells.enumerated() {
            let padding = String(repeating: " ", count: widths[column] - cell.text.count)
            let isLast = column == columns.count - 1
            let text = style.tinted(cell.text, cell.tint)
            line += columns[column].isNumber ? padding + text : isLast ? text : text + padding
            if !isLast { line += "  " }
        }
        while line.last == " " { line.removeLast() }
        return line
    }
}
