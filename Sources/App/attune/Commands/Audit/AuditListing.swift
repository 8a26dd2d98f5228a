import Audit
import Wire

/// Writes entries as they are found: one JSON array, or a table.
struct AuditListing {
    /// JSON is written in blocks of about so many bytes.
    private static let blockBytes = 64 << 10

    private let isJSON: Bool
    private var block: [UInt8] = []
    private var hasRows = false
    private var table = TextTable([
        .init("seq", isNumber: true), .init("time"), .init("kind"), .init("principal"), .init("what"),
        .init("outcome"),
    ])

    init(isJSON: Bool) {
        self.isJSON = isJSON
        if isJSON { block.append(UInt8(ascii: "[")) }
    }

    /// - Parameter row: one of `AuditRow`.
    mutating func add(_ row: [UInt8]) {
        guard isJSON else { return addToTable(JSONView(row, ByteRange(0..<row.count))) }
        if hasRows { block.append(UInt8(ascii: ",")) }
        hasRows = true
        block += row
        guard block.count >= Self.blockBytes else { return }
        Console.data(block)
        block.removeAll(keepingCapacity: true)
    }

    private mutating func addToTable(_ row: JSONView) {
        let what =
            row["tool"]?.string.flatMap { $0.isEmpty ? nil : $0 } ?? row["method"]?.string
            ?? row["path"]?.string ?? row["action"]?.string ?? row["file"]?.string ?? row["event"]?.string
            ?? row["reason"]?.string ?? ""
        let outcome = row["outcome"]?.string ?? row["status"]?.int.map { "\($0)" } ?? ""
        table.add([
            .init("\(row["seq"]?.int ?? 0)"), .init(row["ts"]?.string ?? ""),
            .init(row["kind"]?.string ?? ""),
            .init(row["principal"]?.string ?? "-"), .init(what), .state(outcome),
        ])
    }

    mutating func end() {
        guard isJSON else { return Console.data(table.rendered(Style(isColored: Console.isColored))) }
        block.append(UInt8(ascii: "]"))
        Console.data(block)
    }
}
