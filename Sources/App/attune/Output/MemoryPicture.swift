import Configuration
import Wire

/// Draws the parts of the memory as bars to scale, each filled as far as the part is used.
struct MemoryPicture {
    private struct Row {
        var part: MemoryPart
        var budget: Int64
        var used: Int64
        var enforcedBy: String
    }

    /// Columns of the largest part.
    private static let width: Int64 = 48

    private let profile: String
    private let rows: [Row]
    private let working: Int64
    private let learningBuffer: Int64

    /// - Parameter report: the JSON of `/api/v1/memory`; nil for anything else.
    init?(_ report: JSONView) {
        guard let profile = report["profile"]?.string, let parts = report["parts"],
            let working = report["totals"]?["working"]?.int,
            let learningBuffer = report["totals"]?["learning_buffer"]?.int
        else { return nil }
        self.profile = profile
        self.working = working
        self.learningBuffer = learningBuffer
        rows = parts.elements.compactMap { element in
            guard let part = element["part"]?.string.flatMap(MemoryPart.init(rawValue:)),
                let budget = element["budget_bytes"]?.int, let used = element["used_bytes"]?.int
            else { return nil }
            return Row(
                part: part, budget: max(0, budget), used: max(0, used),
                enforcedBy: Style.printable(element["enforced_by"]?.string ?? ""))
        }
        guard !rows.isEmpty else { return nil }
    }

    func rendered(_ style: Style) -> String {
        let total = Amount.bytes(rows.reduce(0) { $0 &+ $1.budget })
        let sum = "\(Amount.bytes(working)) working memory + \(Amount.bytes(learningBuffer)) learning buffer"
        var lines = [style.tinted("\(Style.printable(profile)): \(total) = \(sum)", .strong)]
        let most = rows.reduce(1) { max($0, $1.budget) }
        for group in MemoryPart.Group.allCases {
            let members = rows.filter { $0.part.group == group }
            let budget = Amount.bytes(members.reduce(0) { $0 &+ $1.budget })
            lines += ["", style.tinted("\(group.rawValue)  \(budget)", .strong)]
            lines += members.map { line($0, most, style) }
        }
        lines += ["", style.tinted("what keeps a part within its budget", .dim)]
        lines += rows.map { style.tinted("  \(Self.padded($0.part.rawValue, 18))\($0.enforcedBy)", .dim) }
        return lines.joined(separator: "\n")
    }

    private func line(_ row: Row, _ most: Int64, _ style: Style) -> String {
        let columns = max(1, row.budget * Self.width / most)
        let share = row.budget == 0 ? 0 : Double(min(row.used, row.budget)) / Double(row.budget)
        // A part that holds anything shows it.
        let filled = row.used == 0 ? 0 : max(1, Int64((share * Double(columns)).rounded()))
        let bar =
            style.tinted(String(repeating: "\u{2588}", count: Int(filled)), share > 0.9 ? .warn : .good)
            + style.tinted(String(repeating: "\u{2591}", count: Int(columns - filled)), .dim)
        let space = String(repeating: " ", count: Int(Self.width - columns) + 2)
        let amounts = "\(Amount.bytes(row.used)) of \(Amount.bytes(row.budget))"
        return "  \(Self.padded(row.part.rawValue, 18))\(bar)\(space)\(amounts)"
    }

    private static func padded(_ text: String, _ columns: Int) -> String {
        text + String(repeating: " ", count: max(1, columns - text.count))
    }
}
