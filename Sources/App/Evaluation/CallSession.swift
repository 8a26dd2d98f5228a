/// The calls of one session, in their order.
struct CallSession: Sendable {
    var id: String
    /// The SHA-256 of its id, by which sessions are ordered; empty without an id.
    var order: [UInt8]
    /// What stands for its servers in the vocabulary.
    var servers: [String] = []
    /// The server that the sessions file tells.
    var domain: String?
    var rows: [CallRow] = []
}
