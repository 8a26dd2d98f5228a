import Storage

/// What the journal keeps, and for how long.
public struct JournalSettings: Sendable {
    public var capture = Capture.digest
    public var durability = Durability.relaxed
    /// Older entries are deleted; 0 keeps them.
    public var retention = Duration.zero
    /// The oldest entries are deleted while the journal takes more on disk; 0 for no bound.
    public var retentionBytes = 0

    public init() {}
}
