/// What came of a merge.
public enum MergeOutcome: Equatable, Sendable {
    /// The other is an ancestor of HEAD already.
    case upToDate(ObjectID)
    /// HEAD was an ancestor of the other, and is there now.
    case forwarded(ObjectID)
    /// A new version with both as its parents.
    case merged(ObjectID, base: ObjectID?)

    /// The version that HEAD is at now.
    public var id: ObjectID {
        switch self {
        case .upToDate(let id), .forwarded(let id), .merged(let id, _): id
        }
    }
}
