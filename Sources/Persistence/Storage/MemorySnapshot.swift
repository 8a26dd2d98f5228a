/// A store in memory as it was.
struct MemorySnapshot: OrderedReader {
    private let tables: FamilyTables

    init(_ tables: FamilyTables) { self.tables = tables }

    func value(of key: [UInt8], in family: Family) throws(StorageError) -> [UInt8]? {
        try tables.table(family).value(of: key)
    }

    func cursor(
        over range: KeyRange, in family: Family, _ direction: Direction
    ) throws(StorageError) -> any StoreCursor {
        MemoryCursor(try tables.table(family), range, direction)
    }
}
