/// What the shared region calls the tools, or the prompts, of one server. Immutable.
final class ObservedIDs: Sendable {
    private let table: NameTable
    private let ids: [UInt32]

    init(_ named: [(name: String, id: UInt32)]) {
        table = NameTable(named.map(\.name))
        ids = named.map(\.id)
    }

    /// - Complexity: O(name bytes), expected.
    func find(_ name: String) -> UInt32? { table.find(name).map { ids[$0] } }
}
