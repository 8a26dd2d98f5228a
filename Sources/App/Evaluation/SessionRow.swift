import Wire

/// What a sessions file says of one session.
struct SessionRow: Sendable {
    var id: String
    var server: String?
    /// The task that the session was about.
    var group: String?

    init?(_ view: JSONView) {
        guard let id = view["session_id"]?.string else { return nil }
        self.id = id
        server = view["server"]?.string
        group = view["group"]?.string
    }
}
