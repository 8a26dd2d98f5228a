/// What an object's delta is against, and what reading it takes.
struct DeltaSource: Equatable {
    var id: ObjectID
    /// Deltas from the last whole object on, this one with them; one that moves bytes counts twice.
    var weight: Int
    /// Their bytes.
    var chainBytes: Int
}
