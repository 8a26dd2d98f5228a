import Learners

/// What repeated calls tell of tools: how often the same call gives the same again, and which tools change
/// what others give.
///
/// A repeated call that gives something else speaks against the tools that its server was asked for since the
/// last time, each by an equal share; one that gives the same speaks for them.
/// `mutation = (p - b) / (1 - b)` with `p` the share of changes after the tool and `b` that of repeats with
/// nothing in between.
///
/// Memory: 24 bytes a call, `1 << bits` calls of which a later one takes the place of an earlier one, 16
/// bytes a tool, and 136 bytes for each of at most 256 servers.
struct RepeatEvidence: Sendable {
    private struct Place: Sendable {
        var tag: UInt64 = 0
        var result: UInt64 = 0
        var clock: UInt64 = 0
    }

    /// Weights of repeats that gave the same, and something else.
    struct Counts: Sendable {
        var same: Float = 0
        var other: Float = 0

        static let most: Float = 256
        var all: Float { same + other }

        mutating func insert(isSame: Bool, weight: Float) {
            if isSame { same += weight } else { other += weight }
            if all > Self.most { (same, other) = (same / 2, other / 2) }
        }
    }

    private static let mostServers = 256
    private static let mostSince = 8

    private var places: [Place]
    private let mostTools: Int
    /// By tool: its own repeats, repeats of others after it.
    private var own: [Counts] = []
    private var after: [Counts] = []
    /// Repeats with nothing in between.
    private var quiet = Counts()
    /// The latest different tools that each server was asked for, the latest last, with the clock.
    private var asked: [Int: [(tool: Int, at: UInt64)]] = [:]
    private var clock: UInt64 = 0

    init(bits: Int, mostTools: Int) {
        places = [Place](repeating: Place(), count: 1 << bits)
        self.mostTools = mostTools
    }

    var memoryBytes: Int { places.count * 24 + mostTools * 16 + Self.mostServers * (8 + 16 * Self.mostSince) }

    /// The chance that a call of a tool gives what the same call gave before; nil while none was repeated.
    func cacheability(_ tool: Int) -> Float? {
        guard tool < own.count, own[tool].all > 0 else { return nil }
        return (own[tool].same + 1) / (own[tool].all + 2)
    }

    /// The chance that a call of a tool changes what others give; nil while nothing tells.
    func mutation(_ tool: Int) -> Float? {
        guard tool < after.count, after[tool].all >= 1 else { return nil }
        let usual = (quiet.other + 0.1) / (quiet.all + 2)
        let share = (after[tool].other + usual) / (after[tool].all + 1)
        return min(1, max(0, (share - usual) / (1 - usual)))
    }

    /// Takes a call with what it gave.
    /// - Parameter call: a hash of tool and arguments.
    mutating func learn(_ call: UInt64, tool: Int, server: Int, result: UInt64) {
        guard tool >= 0, tool < mostTools else { return }
        clock += 1
        while own.count <= tool {
            own.append(Counts())
            after.append(Counts())
        }
        let place = Int(truncatingIfNeeded: HashMix.mix(call) >> 20) & (places.count - 1)
        if places[place].tag == call, places[place].clock > 0 {
            let isSame = places[place].result == result
            own[tool].insert(isSame: isSame, weight: 1)
            let since = (asked[server] ?? []).filter { $0.at > places[place].clock && $0.tool != tool }
            if since.isEmpty { quiet.insert(isSame: isSame, weight: 1) }
            // A tool whose results never change tells nothing of others.
            for other in since where other.tool < after.count && own[tool].other > 0 {
                after[other.tool].insert(isSame: isSame, weight: isSame ? 1 : 1 / Float(since.count))
            }
        }
        places[place] = Place(tag: call, result: result, clock: clock)
        note(tool, server)
    }

    private mutating func note(_ tool: Int, _ server: Int) {
        guard asked[server] != nil || asked.count < Self.mostServers else { return }
        var tools = asked.removeValue(forKey: server) ?? []
        tools.removeAll { $0.tool == tool }
        if tools.count == Self.mostSince { tools.removeFirst() }
        tools.append((tool, clock))
        asked[server] = tools
    }
}

extension RepeatEvidence {
    func save(to encoder: inout ByteEncoder) {
        encoder.write(clock)
        let used = places.indices.filter { places[$0].clock > 0 }
        encoder.write(UInt64(used.count))
        for place in used {
            let word = places[place]
            for number in [UInt64(place), word.tag, word.result, word.clock] { encoder.write(number) }
        }
        encoder.write(UInt64(own.count))
        for counts in own + after + [quiet] {
            encoder.write(counts.same)
            encoder.write(counts.other)
        }
        encoder.write(UInt64(asked.count))
        for (server, tools) in asked.sorted(by: { $0.key < $1.key }) {
            encoder.write(UInt64(server))
            encoder.write(UInt64(tools.count))
            for tool in tools {
                encoder.write(UInt64(tool.tool))
                encoder.write(tool.at)
            }
        }
    }

    /// nil from bytes that none of that size wrote.
    init?(bits: Int, mostTools: Int, restoring decoder: inout ByteDecoder) {
        self.init(bits: bits, mostTools: mostTools)
        guard let clock = decoder.integer(upTo: 1 << 62),
            let used = decoder.integer(upTo: UInt64(places.count))
        else { return nil }
        self.clock = clock
        for _ in 0..<used {
            guard let place = decoder.integer(upTo: UInt64(places.count - 1)), let tag = decoder.integer(),
                let result = decoder.integer(), let at = decoder.integer(upTo: clock)
            else { return nil }
            places[Int(place)] = Place(tag: tag, result: result, clock: at)
        }
        guard let tools = decoder.integer(upTo: UInt64(mostTools)) else { return nil }
        var counts: [Counts] = []
        for _ in 0..<2 * tools + 1 {
            guard let same = decoder.float(), let other = decoder.float(),
                (0...Counts.most).contains(same), (0...Counts.most).contains(other)
            else { return nil }
            counts.append(Counts(same: same, other: other))
        }
        quiet = counts.removeLast()
        (own, after) = (Array(counts[..<Int(tools)]), Array(counts[Int(tools)...]))
        guard readAsked(&decoder) else { return nil }
    }

    private mutating func readAsked(_ decoder: inout ByteDecoder) -> Bool {
        guard let servers = decoder.integer(upTo: UInt64(Self.mostServers)) else { return false }
        for _ in 0..<servers {
            guard let server = decoder.integer(upTo: UInt64(mostTools)),
                let tools = decoder.integer(upTo: UInt64(Self.mostSince))
            else { return false }
            for _ in 0..<tools {
                guard let tool = decoder.integer(upTo: UInt64(mostTools)),
                    let at = decoder.integer(upTo: clock)
                else { return false }
                asked[Int(server), default: []].append((Int(tool), at))
            }
        }
        return true
    }
}
