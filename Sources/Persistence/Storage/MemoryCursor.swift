/// A walk over a table as it was when the walk began.
final class MemoryCursor: StoreCursor {
    private let table: SortedTable
    private let direction: Direction
    private var rest: Range<Int>

    init(_ table: SortedTable, _ range: KeyRange, _ direction: Direction) {
        self.table = table
        self.direction = direction
        rest = table.indices(of: range)
    }

    func next() throws(StorageError) -> Entry? {
        let index = direction == .forward ? rest.popFirst() : rest.popLast()
        return index.map { table.entries[$0] }
    }
}
