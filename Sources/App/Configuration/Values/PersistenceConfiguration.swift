/// `[persistence]`: where and how data is kept.
package struct PersistenceConfiguration: Sendable, Equatable {
    package enum Compression: String, Sendable, CaseIterable { case lz4, zstd, none }

    /// Where the key of the encryption comes from.
    package enum KeySource: Sendable, Equatable {
        /// A file, created with mode 0600 when absent.
        case file(ExpandedText)
        /// A variable of the environment.
        case environment(String)
        /// A command line whose output is the key.
        case command(ExpandedText)
    }

    /// The directory that holds `core/`, `learner/`, `keys/` and `tls/`.
    package var directory: ExpandedText
    package var checkpointInterval = Duration.seconds(300)
    package var compression = Compression.lz4
    package var retentionDays = 30
    package var retentionBytes = 10 << 30
    package var encrypt = false
    package var key: KeySource?

    package init(directory: ExpandedText) {
        self.directory = directory
    }
}
