import Learners

/// Groups sessions by what their tools are called: words and runs of four letters of the names.
///
/// Memory: that of 256 `MicroClusters`, 4 MiB, and a `ToolTally` for each, at most 0.8 MiB.
package struct SessionClusters: Sendable {
    /// Sessions that are alike, named by the tools that tell them best from the others.
    package struct Group: Sendable, Equatable {
        /// The first two of `tools`.
        package var name: String
        package var sessions: Int
        /// The most telling ones first, at most `mostNamed`.
        package var tools: [String]
    }

    package static let most = 256
    package static let mostNamed = 8
    private static let mostTools = 256
    /// The weight of a run of letters beside a word's.
    private static let runWeight: Float = 0.3

    private var clusters: MicroClusters
    private var tallies: [ToolTally] = []

    package init(most: Int = most) { clusters = MicroClusters(most: most) }

    /// Adds a session by the tools that it called, and tells its small cluster; `moved` is where each small
    /// cluster of before is now, if some were merged to make room.
    package mutating func insert(_ tools: [String]) -> MicroClusters.Placement {
        var counts: [UInt64: Float] = [:]
        var names: Set<String> = []
        for tool in tools.prefix(Self.mostTools) {
            names.insert(Self.clipped(tool))
            Self.count(Array(tool.utf8.prefix(ToolTally.mostNameBytes)), &counts)
        }
        let features = counts.sorted { $0.key < $1.key }.map { (hash: $0.key, weight: Self.damped($0.value)) }
        let placement = clusters.insert(features)
        if let moved = placement.moved { tallies = Self.moved(tallies, moved, clusters.sizes.count) }
        while tallies.count < clusters.sizes.count { tallies.append(ToolTally()) }
        for name in names.sorted() { tallies[placement.cluster].insert(name) }
        return placement
    }

    /// The group of each small cluster.
    package func groups() -> [Int] { clusters.groups() }

    /// The groups with the most sessions, each with the tools that tell it best from all others: those of
    /// greatest `p log(p / q)`, where `p` is the share of its sessions that call the tool and `q` that of the
    /// others' sessions.
    /// - Complexity: that of `groups`, some milliseconds.
    package func named(most: Int = 12) -> [Group] {
        described(clusters.groups()).values
            .sorted { $0.sessions != $1.sessions ? $0.sessions > $1.sessions : $0.name < $1.name }
            .prefix(max(0, most)).map(\.self)
    }

    /// The name of each small cluster's group.
    package func names() -> [String] {
        let groups = clusters.groups()
        let described = described(groups)
        return groups.map { described[$0]?.name ?? "" }
    }

    private func described(_ groups: [Int]) -> [Int: Group] {
        var all: [String: Double] = [:]
        var own: [Int: [String: Double]] = [:]
        var sessions: [Int: Double] = [:]
        for (cluster, tally) in tallies.enumerated() {
            sessions[groups[cluster], default: 0] += Double(clusters.sizes[cluster])
            for tool in tally.tools {
                all[tool.name, default: 0] += Double(tool.sessions)
                own[groups[cluster], default: [:]][tool.name, default: 0] += Double(tool.sessions)
            }
        }
        let total = sessions.sorted { $0.key < $1.key }.reduce(0) { $0 + $1.value }
        var found: [Int: Group] = [:]
        for (group, size) in sessions {
            let ranked = (own[group] ?? [:]).map { tool, calling -> (tool: String, weight: Double) in
                let share = min(1, calling / max(1, size))
                let elsewhere = ((all[tool] ?? calling) - calling + 0.5) / (total - size + 1)
                return (tool, share * Double(Transcendental.logarithm(Float(share / elsewhere))))
            }
            .sorted { $0.weight != $1.weight ? $0.weight > $1.weight : $0.tool < $1.tool }
            let tools = ranked.prefix(Self.mostNamed).map(\.tool)
            found[group] = Group(
                name: tools.prefix(2).joined(separator: ", "), sessions: Int(min(size, 1e15)), tools: tools)
        }
        return found
    }

    /// Adds a sibling's sessions.
    package mutating func merge(_ other: SessionClusters) {
        let (own, theirs) = clusters.merge(other.clusters)
        let count = clusters.sizes.count
        tallies = Self.moved(tallies, own, count)
        for (tally, added) in zip(tallies.indices, Self.moved(other.tallies, theirs, count)) {
            tallies[tally].merge(added)
        }
    }

    private static func moved(_ tallies: [ToolTally], _ places: [Int], _ count: Int) -> [ToolTally] {
        var found = [ToolTally](repeating: ToolTally(), count: count)
        for (tally, place) in zip(tallies, places) { found[place].merge(tally) }
        return found
    }

    package var memoryBytes: Int {
        clusters.memoryBytes + tallies.count * ToolTally.mostMemoryBytes
    }

    /// A name of at most `ToolTally.mostNameBytes`; what is cut in the middle becomes U+FFFD, of three bytes.
    private static func clipped(_ name: String) -> String {
        guard name.utf8.count > ToolTally.mostNameBytes else { return name }
        return String(decoding: name.utf8.prefix(ToolTally.mostNameBytes - 3), as: UTF8.self)
    }

    /// Repeated features count by their logarithm.
    private static func damped(_ count: Float) -> Float {
        count < 1 ? count : 1 + Transcendental.logarithm(count)
    }

    private static func count(_ name: [UInt8], _ counts: inout [UInt64: Float]) {
        var word: [UInt8] = []
        func end() {
            if !word.isEmpty { counts[HashMix.mix(HashMix.hash(word[...]), 1), default: 0] += 1 }
            word.removeAll(keepingCapacity: true)
        }
        for index in name.indices {
            let byte = name[index]
            let isUpper = (65...90).contains(byte)
            // A word starts at a capital after a small letter, or before one.
            let startsWord =
                isUpper
                && (index > 0 && !(65...90).contains(name[index - 1])
                    || index + 1 < name.count && (97...122).contains(name[index + 1]))
            if startsWord { end() }
            guard isUpper || (97...122).contains(byte) || (48...57).contains(byte) || byte >= 0x80 else {
                end()
                continue
            }
            word.append(isUpper ? byte + 32 : byte)
        }
        end()
        let small = name.map { (65...90).contains($0) ? $0 + 32 : $0 }
        guard small.count >= 4 else { return }
        for first in 0...(small.count - 4) {
            counts[HashMix.mix(HashMix.hash(small[first..<first + 4]), 2), default: 0] += runWeight
        }
    }
}

extension SessionClusters {
    package func save(to encoder: inout ByteEncoder) {
        clusters.save(to: &encoder)
        for tally in tallies { tally.save(to: &encoder) }
    }

    /// Reads clusters; nil from bytes that none of as many wrote.
    package init?(most: Int = most, restoring decoder: inout ByteDecoder) {
        guard let clusters = MicroClusters(most: most, restoring: &decoder) else { return nil }
        self.clusters = clusters
        for _ in clusters.sizes {
            guard let tally = ToolTally(restoring: &decoder) else { return nil }
            tallies.append(tally)
        }
    }
}
