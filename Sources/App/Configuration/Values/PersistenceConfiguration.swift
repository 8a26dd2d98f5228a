/// `[persistence]`: where and how data is kept.
package struct PersistenceConfiguration: Sendable, Equatable {
    package enum Compression: String, Sendable, CaseIterable { case lz4, zstd, none }

    /// The directory that holds `core/`, `learner/`, `keys/` and `tls/`.
    package var directory: ExpandedText
    package var checkpointInterval = Duration.seconds(300)
    package var compression = Compression.lz4
    package var retentionDays = 30
    package var retentionBytes = 10 << 30
    /// For how long a version of the learner's model is kept, ever fewer of them; 0 for all, for ever.
    package var modelRetentionDays = 365
    /// Whether values are sealed.
    package var encrypt = true
    /// Where the key-encryption key comes from; nil for a file of the gateway's own.
    package var key: SecretSource?

    package init(directory: ExpandedText) {
        self.directory = directory
    }
}
