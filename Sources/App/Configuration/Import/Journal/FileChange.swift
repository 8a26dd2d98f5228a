/// One file that an import replaces or makes.
struct FileChange: Sendable, Equatable {
    /// Absolute, behind all symbolic links.
    var path: String
    /// nil for Attune's own configuration.
    var client: ImportClient?
    /// nil when the file is made.
    var original: [UInt8]?
    var result: [UInt8]
}
