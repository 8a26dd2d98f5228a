/// Which version of a model is in use: the newest of a branch, or one by itself.
public enum Head: Hashable, Sendable {
    case branch(ModelName)
    /// Commits move it alone, and no branch.
    case detached(ObjectID)
}
