import Storage

/// How far the sealing of a store is.
public struct SealingFacts: Sendable, Equatable {
    /// False while values that were there before the keys are being sealed.
    public var isWhole: Bool
    /// Of the earliest data key that a value may be sealed with.
    public var oldestEpoch: UInt32

    /// What a store says of itself; nil if it was never sealed.
    /// - Throws: as `SealedReader` does.
    public init?(
        _ reader: any OrderedReader, purpose: String, path: String, keys: SealingKeys
    ) throws(StorageError) {
        guard let state = try SealState(reader, RecordSealer(keys, purpose: purpose), store: path) else {
            return nil
        }
        isWhole = state.phase == .sealed
        oldestEpoch = state.floor
    }
}
