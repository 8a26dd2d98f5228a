/// How two versions are merged.
public struct MergeRules: Sendable {
    static let mostWeight = 1000.0

    /// How often what the other has beyond the merge base is counted; 1 for once.
    public var weight = 1.0
    /// Whether versions that have nothing in common are merged.
    public var allowsUnrelated = false
    /// Whether a commit is made even where HEAD could just go on to the other.
    public var alwaysCommits = false

    public init() {}
}
