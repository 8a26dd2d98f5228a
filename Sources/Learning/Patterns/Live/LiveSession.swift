import Learners

/// What is kept of a session that may go on.
struct LiveSession: Sendable {
    /// What a session takes in all learners before its first call.
    static let leastBytes = NextTool.sessionBytes + SessionTaint.bytes / 3 + 2048
    static let mostServers = 16
    static let mostTools = 64
    static let mostNameBytes = 2 * ObservedCall.mostNameBytes + 8

    /// Tells it from all others, in all learners.
    let key: UInt64
    let name: String
    let agent: String
    let principal: String
    /// Numbers of the servers that it called, in their order.
    var servers: [Int] = []
    /// Numbers of the tools that it called, each once.
    var tools: [Int] = []
    var calls: UInt64 = 0
    /// When its latest call ended, since 1970.
    var lastMicroseconds: UInt64 = 0
    var suspicion: Float = 0
    var anomalies: UInt64 = 0
    /// Whether it counts among the groups of sessions.
    var isGrouped = false
    /// Whether somebody was told that it seems to be taken over.
    var isSuspected = false
    var lastUse: UInt64 = 0
    /// What its latest calls take in all learners, the latest last.
    private(set) var charges: [Int] = []

    init(key: UInt64, _ call: ObservedCall) {
        self.key = key
        agent = call.agent
        principal = call.principal
        name =
            call.sessionName.isEmpty
            ? "\(call.principal.isEmpty ? "anyone" : call.principal)-\(Self.digits(key))" : call.sessionName
    }

    private static func digits(_ key: UInt64) -> String {
        let text = String(key >> 44, radix: 16)
        return String(repeating: "0", count: max(0, 5 - text.count)) + text
    }

    var bytes: Int { charges.reduce(Self.leastBytes, +) }

    /// Goes on by one call.
    mutating func advance(_ call: ObservedCall, symbol: Int, server: Int, charge: Int) {
        calls += 1
        lastMicroseconds = max(lastMicroseconds, call.endMicroseconds)
        Self.insert(server, to: &servers, most: Self.mostServers)
        Self.insert(symbol, to: &tools, most: Self.mostTools)
        if charges.count == SessionValues.mostCalls { charges.removeFirst() }
        charges.append(max(0, charge))
    }

    private static func insert(_ number: Int, to numbers: inout [Int], most: Int) {
        guard numbers.count < most, !numbers.contains(number) else { return }
        numbers.append(number)
        numbers.sort()
    }
}

extension LiveSession {
    func save(to encoder: inout ByteEncoder) {
        encoder.write(key)
        for text in [name, agent, principal] { encoder.write(Array(text.utf8)) }
        for list in [servers, tools, charges] {
            encoder.write(UInt64(list.count))
            for number in list { encoder.write(UInt64(number)) }
        }
        for number in [calls, lastMicroseconds, anomalies, lastUse] { encoder.write(number) }
        encoder.write((isGrouped ? 1 : 0) + (isSuspected ? 2 : 0) as UInt64)
        encoder.write(suspicion)
    }

    /// nil from bytes that none wrote.
    /// - Parameter tools: how many tools are known.
    init?(tools known: Int, restoring decoder: inout ByteDecoder) {
        guard let key = decoder.integer(), let name = decoder.name(upTo: Self.mostNameBytes),
            let agent = decoder.name(), let principal = decoder.name(),
            let servers = decoder.integers(most: Self.mostServers, upTo: UInt64(max(known, 1) - 1)),
            let tools = decoder.integers(most: Self.mostTools, upTo: UInt64(max(known, 1) - 1)),
            known > 0 || (servers.isEmpty && tools.isEmpty),
            let charges = decoder.integers(most: SessionValues.mostCalls, upTo: 1 << 24),
            let calls = decoder.integer(upTo: 1 << 62), let last = decoder.integer(),
            let anomalies = decoder.integer(upTo: 1 << 62), let lastUse = decoder.integer(upTo: 1 << 62),
            let marks = decoder.integer(upTo: 3), let suspicion = decoder.float()
        else { return nil }
        (self.key, self.name, self.agent, self.principal) = (key, name, agent, principal)
        (self.servers, self.tools) = (servers.map { Int($0) }, tools.map { Int($0) })
        self.charges = charges.map { Int($0) }
        (self.calls, lastMicroseconds, self.anomalies, self.lastUse) = (calls, last, anomalies, lastUse)
        (isGrouped, isSuspected) = (marks & 1 == 1, marks & 2 == 2)
        self.suspicion = suspicion
    }
}
