/// The tables of all column families: what a store in memory holds at one time.
struct FamilyTables: Equatable {
    private(set) var tables: [Family: SortedTable]

    init(_ families: [Family]) {
        tables = Dictionary(families.map { ($0, SortedTable()) }) { first, _ in first }
    }

    var bytes: Int { tables.values.reduce(0) { $0 + $1.bytes } }

    func table(_ family: Family) throws(StorageError) -> SortedTable {
        guard let table = tables[family] else { throw .unknownFamily(family.name) }
        return table
    }

    /// Makes the changes of a batch, all or, if one is of an unknown family, none.
    mutating func apply(_ batch: WriteBatch) throws(StorageError) {
        for operation in batch.operations where tables[operation.family] == nil {
            throw .unknownFamily(operation.family.name)
        }
        for operation in batch.operations {
            switch operation {
            case .put(let family, let key, let value): tables[family]?.put(value, for: key)
            case .delete(let family, let key): tables[family]?.delete(key)
            case .deleteRange(let family, let range): tables[family]?.delete(range)
            }
        }
    }

    /// Makes room for families that a log names and nobody asked for, so that they are kept.
    mutating func add(familiesOf batch: WriteBatch) {
        for operation in batch.operations where tables[operation.family] == nil {
            tables[operation.family] = SortedTable()
        }
    }
}

extension WriteBatch.Operation {
    public var family: Family {
        switch self {
        case .put(let family, _, _), .delete(let family, _), .deleteRange(let family, _): family
        }
    }
}
