/// One thing that an import, or its undoing, did.
package enum ImportAction: Sendable, Equatable {
    /// Attune's configuration was made.
    case created(path: String, servers: Int)
    /// Servers were appended to Attune's configuration.
    case appended(path: String, servers: Int)
    /// A client's configuration now names Attune; `backup` holds what it was.
    case pointed(client: ImportClient, path: String, backup: String)
    /// A file is again what it was.
    case restored(path: String)
    /// A file that the import made is gone.
    case removed(path: String)
    /// A file was left as it is.
    case kept(path: String, reason: String)
}
