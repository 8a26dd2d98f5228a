/// A client's configuration as it was read, with the servers in it.
struct ClientFile: Sendable {
    /// The largest file that is read: Claude Code keeps its history in the same file.
    static let maximumBytes = 16 << 20

    /// One object (or family of TOML tables) that holds servers.
    struct Block: Sendable {
        /// The object in the text; for TOML, the root table.
        var node: JSONCNode
        var project: String?
    }

    let client: ImportClient
    /// As it was named.
    let path: String
    /// Behind all symbolic links: the file that is edited.
    let realPath: String
    let source: SourceText
    let isTOML: Bool
    var blocks: [Block] = []
    var servers: [ClientServer] = []
    var notices: [Diagnostic] = []
}
