import Storage

/// A walk over a column family that tells damage as a finding.
struct AuditCursor {
    private let cursor: any StoreCursor

    init(
        _ reader: any OrderedReader, _ family: Family, _ range: KeyRange = .all,
        _ direction: Direction = .forward
    ) throws(AuditFailure) {
        do throws(StorageError) {
            cursor = try reader.cursor(over: range, in: family, direction)
        } catch {
            throw AuditFailure(error)
        }
    }

    func next() throws(AuditFailure) -> Entry? {
        do throws(StorageError) { return try cursor.next() } catch { throw AuditFailure(error) }
    }
}
