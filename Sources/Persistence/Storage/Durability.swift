/// What an acknowledged write outlives.
public enum Durability: Sendable, CaseIterable {
    /// The process. The machine's crash may take it, with everything that was written after it.
    case relaxed
    /// The machine's crash too: it is on disk, with everything that was written before it.
    case durable
}
