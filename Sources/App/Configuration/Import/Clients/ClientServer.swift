/// One server as a client's file has it, before it has a name in Attune.
struct ClientServer: Sendable {
    var originalName: String
    /// The key in the file, in bytes.
    var nameRange: Range<Int>
    /// The directory of the project it belongs to.
    var project: String?
    /// The number of its block in the file.
    var block: Int
    var entry: ClientEntry
    /// Whether it is Attune itself.
    var isAttune: Bool
}
