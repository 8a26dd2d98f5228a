import Synchronization

/// Decides, for all loops together, which label sets get a series of their own; the first `limit` do, for
/// good.
final class SeriesRegistry: Sendable {
    private let admitted = Mutex<Set<SeriesKey>>([])
    private let limit: Int

    init(limit: Int) { self.limit = limit }

    /// - Returns: whether the key has a series; every other one is counted as `SeriesKey.overflow`.
    func admit(_ key: SeriesKey) -> Bool {
        admitted.withLock { admitted in
            if admitted.contains(key) { return true }
            guard admitted.count < limit else { return false }
            admitted.insert(key)
            return true
        }
    }
}
