/// One finished call, as the patterns of traffic see it.
package struct ObservedCall: Sendable {
    package static let mostNameBytes = 200

    /// What the session is called; empty where the protocol knows none.
    package var sessionName = ""
    package var principal = ""
    /// What tells one kind of agent from another; empty where nothing does.
    package var agent = ""
    package var server: String
    package var tool: String
    package var callID: UInt64 = 0
    /// Since 1970.
    package var startMicroseconds: UInt64 = 0
    package var durationMicroseconds: UInt64 = 0
    /// Of the whole result.
    package var resultBytes: UInt64 = 0
    package var isError = false
    /// The object of arguments; nil where it is not known as a whole.
    package var arguments: ArraySlice<UInt8>?
    /// 0 where nothing is known of them.
    package var argumentsHash: UInt64 = 0
    /// The text of the result, or its first part; nil where nothing is known of it.
    package var result: ArraySlice<UInt8>?
    /// 0 where nothing is known of it.
    package var resultHash: UInt64 = 0

    package init(server: String, tool: String) {
        self.server = server
        self.tool = tool
    }

    /// Whether names are there and short enough to be kept.
    package var isFit: Bool {
        !server.isEmpty && !tool.isEmpty && server.utf8.count + tool.utf8.count <= Self.mostNameBytes
            && sessionName.utf8.count <= Self.mostNameBytes && principal.utf8.count <= Self.mostNameBytes
            && agent.utf8.count <= Self.mostNameBytes
    }

    var endMicroseconds: UInt64 { startMicroseconds &+ durationMicroseconds }
}
