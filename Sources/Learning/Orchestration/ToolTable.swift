import Learners

/// Statistics by server and tool: a bounded number of them, and the rest together as `other`.
package struct ToolTable: Sendable {
    package struct Entry: Sendable {
        package let server: String
        package let tool: String
        package internal(set) var statistics = CallStatistics()
        /// Whether it is to be published: it changed, or its rates fall without calls.
        fileprivate var isChanged = false
    }

    /// As many as the gateway's own metrics tell apart.
    package static let mostEntries = 1000
    /// The most that an entry takes: its two sketches, and the rest.
    private static let entryBytes = 24 << 10
    private static let leastEntries = 8
    package static let other = "other"
    /// Longer names count as `other`: they would not fit in a key of the state table.
    package static let mostNameBytes = 200
    /// Rates below this, in events a second, are not published anew.
    private static let nothing = 0.005

    private struct Pair: Hashable {
        var server: String
        var tool: String
    }

    private let bound: Int
    package internal(set) var entries: [Entry] = []
    private var byPair: [Pair: Int] = [:]
    /// Entries by the ids of server and tool, so that names are hashed once an entry only.
    private var byIDs: [UInt64: Int] = [:]
    private var changed: [Int] = []

    /// - Parameter bytes: what the table may use; it has room for eight tools at least.
    package init(bytes: Int = .max) {
        bound = min(Self.mostEntries, max(Self.leastEntries, bytes / Self.entryBytes))
    }

    private init(entries bound: Int) { self.bound = bound }

    /// Counts a call.
    ///
    /// - Parameter name: the text of an interned name; called for pairs of ids that were not seen before.
    /// - Returns: false if a name is not known; nothing is counted then.
    package mutating func insert(
        _ observation: Observation, second: UInt64, name: (UInt32) -> String?
    ) -> Bool {
        let ids = UInt64(observation.server) << 32 | UInt64(observation.tool)
        guard let position = byIDs[ids] ?? position(of: observation, ids, name) else { return false }
        entries[position].statistics.insert(observation.call, second: second)
        markChanged(position)
        return true
    }

    /// Counts a call of an earlier time.
    package mutating func count(_ call: CallStatistics.Call, server: String, tool: String) {
        let position = position(server, tool)
        entries[position].statistics.count(call)
        markChanged(position)
    }

    private mutating func markChanged(_ position: Int) {
        guard !entries[position].isChanged else { return }
        entries[position].isChanged = true
        changed.append(position)
    }

    /// The same with rates that begin anew: those of another time or another clock say nothing.
    package var withoutRates: ToolTable {
        var table = self
        for position in table.entries.indices { table.entries[position].statistics.forgetRates() }
        return table
    }

    /// A table of the same bound without entries.
    var emptied: ToolTable { ToolTable(entries: bound) }

    /// All calls that were counted, and how many of them failed.
    package var totals: (calls: UInt64, errors: UInt64) {
        entries.reduce((0, 0)) { ($0.0 &+ $1.statistics.calls, $0.1 &+ $1.statistics.errors) }
    }

    /// Forgets what ids mean, which holds for one generation of the gateway only.
    package mutating func forgetIDs() { byIDs = [:] }

    private mutating func position(
        of observation: Observation, _ ids: UInt64, _ name: (UInt32) -> String?
    ) -> Int? {
        guard let server = name(observation.server), let tool = name(observation.tool) else { return nil }
        let position = position(server, tool)
        // Ids beyond the bound are looked up by their names each time.
        if byIDs.count < 2 * Self.mostEntries { byIDs[ids] = position }
        return position
    }

    /// The entry of a tool, which is made if there is none; `other` beyond the bound.
    mutating func position(_ server: String, _ tool: String) -> Int {
        var pair = Pair(server: server, tool: tool)
        if let known = byPair[pair] { return known }
        if Self.isUnfit(pair) || entries.count >= bound - 1 {
            pair = Pair(server: Self.other, tool: Self.other)
            if let known = byPair[pair] { return known }
        }
        entries.append(Entry(server: pair.server, tool: pair.tool))
        byPair[pair] = entries.count - 1
        return entries.count - 1
    }

    /// Whether names make no key of the state table.
    private static func isUnfit(_ pair: Pair) -> Bool {
        pair.server.utf8.count + pair.tool.utf8.count > mostNameBytes || pair.server.contains("/")
    }

    /// Adds what is known of a tool; the rates are kept where nothing was known of it.
    private mutating func add(_ statistics: CallStatistics, _ pair: Pair) {
        let known = entries.count
        let position = position(pair.server, pair.tool)
        if position == known {
            entries[position].statistics = statistics
        } else {
            entries[position].statistics.merge(statistics)
        }
        markChanged(position)
    }

    /// Adds the calls of another table; its tools beyond the bound count as `other`, and the rates stay those
    /// of this one.
    mutating func add(_ other: ToolTable) {
        for entry in other.entries { add(entry.statistics, Pair(server: entry.server, tool: entry.tool)) }
    }

    /// The entries to be published now: those that changed and those whose rates fall.
    package mutating func takeChanged(second: UInt64) -> [(entry: Entry, value: PublishedStatistics)] {
        let due = changed
        changed = []
        return due.map { position in
            let value = PublishedStatistics(entries[position].statistics, second: second)
            entries[position].isChanged = value.callsPerSecond > Self.nothing || isUnderWay(position, second)
            if entries[position].isChanged { changed.append(position) }
            return (entries[position], value)
        }
    }

    /// Whether calls were counted in this second, which do not show in the rate yet.
    private func isUnderWay(_ position: Int, _ second: UInt64) -> Bool {
        entries[position].statistics.callRate.value(second: second &+ 1) > Self.nothing
    }
}

extension ToolTable {
    func save(to encoder: inout ByteEncoder) {
        encoder.write(UInt64(entries.count))
        for entry in entries {
            encoder.write(Array(entry.server.utf8))
            encoder.write(Array(entry.tool.utf8))
            entry.statistics.save(to: &encoder)
        }
    }

    /// Reads a table, all of it to be published; nil from bytes that none wrote.
    ///
    /// A table of more tools than fit in `bytes`, such as one that a larger machine made, is read too: those
    /// beyond the bound count together as `other`.
    init?(bytes: Int, restoring decoder: inout ByteDecoder) {
        self.init(bytes: bytes)
        guard let count = decoder.integer(upTo: UInt64(Self.mostEntries)) else { return nil }
        var seen: Set<Pair> = []
        for _ in 0..<count {
            guard let server = decoder.run(upTo: Self.mostNameBytes),
                let tool = decoder.run(upTo: Self.mostNameBytes),
                let statistics = CallStatistics(restoring: &decoder)
            else { return nil }
            let pair = Pair(
                server: String(decoding: server, as: UTF8.self), tool: String(decoding: tool, as: UTF8.self))
            guard !Self.isUnfit(pair), seen.insert(pair).inserted else { return nil }
            add(statistics, pair)
        }
    }
}
