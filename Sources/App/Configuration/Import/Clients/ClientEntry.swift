/// One server of a client's configuration, in Attune's terms; texts are as `attune.toml` writes them.
struct ClientEntry: Sendable, Equatable {
    enum Transport: Sendable, Equatable {
        case command(program: String, arguments: [String], environment: [Pair], workingDirectory: String?)
        case url(String, headers: [Pair])
        /// Attune cannot reach it; `address` is what the client has, for the report.
        case unsupported(reason: String, address: String)
    }

    struct Pair: Sendable, Equatable {
        var key: String
        var value: String
    }

    var transport: Transport
    var isDisabled = false
    var timeoutMilliseconds: Int?
    var allow: [String] = []
    var deny: [String] = []
}
