/// What was found when a store was opened.
public enum OpenReport: Equatable, Sendable {
    case made
    /// All of its log was readable.
    case whole
    /// Its log ends in a record that isn't whole, from which on nothing was taken: after a crash of the
    /// machine that is what was not synced; at any other time a durable write may be lost.
    case cutShort(detail: String)
}
