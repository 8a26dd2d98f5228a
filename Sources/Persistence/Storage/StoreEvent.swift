/// What a store's keeper tells for the log.
public enum StoreEvent: Sendable, Equatable {
    /// It is open again after a fault.
    case recovered
    /// It can't be had; told once for each time it goes away.
    case failed(StorageError)
    /// The copy that was due was not made; the store goes on.
    case noCheckpoint(StorageError)
}
