import Storage

/// A walk over sealed entries that gives them opened.
final class SealedCursor: StoreCursor {
    private let inner: any StoreCursor
    private let sealer: RecordSealer
    private let family: Family
    private var isAtEnd = false

    init(_ inner: any StoreCursor, _ sealer: RecordSealer, _ family: Family) {
        self.inner = inner
        self.sealer = sealer
        self.family = family
    }

    func next() throws(StorageError) -> Entry? {
        guard !isAtEnd, var entry = try inner.next() else {
            isAtEnd = true
            return nil
        }
        do throws(StorageError) {
            entry.value = try sealer.open(entry.value, entry.key, family)
        } catch {
            isAtEnd = true
            throw error
        }
        return entry
    }
}
