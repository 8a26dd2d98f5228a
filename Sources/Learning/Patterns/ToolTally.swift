import Learners

/// In how many of a group's sessions each tool was called, for the most frequent ones.
///
/// Space-saving (Metwally, Agrawal, El Abbadi, ICDT 2005): in a full tally the least counted tool makes room,
/// and the new one takes over its count, so that no count is too small.
///
/// Memory: `mostTools` names of at most `mostNameBytes`.
struct ToolTally: Sendable, Equatable {
    static let mostTools = 16
    static let mostNameBytes = 128
    private static let mostSessions: UInt64 = 1 << 40

    struct Tool: Sendable, Equatable {
        var name: String
        var sessions: UInt64
    }

    private(set) var tools: [Tool] = []

    /// What it holds, in bytes, at most.
    static let mostMemoryBytes = mostTools * (MemoryLayout<Tool>.stride + mostNameBytes + 32)

    /// Counts a session's tool.
    /// - Parameter name: at most `mostNameBytes`.
    mutating func insert(_ name: String) {
        if let place = tools.firstIndex(where: { $0.name == name }) {
            tools[place].sessions = min(tools[place].sessions + 1, Self.mostSessions)
        } else if tools.count < Self.mostTools {
            tools.append(Tool(name: name, sessions: 1))
        } else if let place = tools.indices.min(by: { tools[$0].sessions < tools[$1].sessions }) {
            tools[place] = Tool(name: name, sessions: min(tools[place].sessions + 1, Self.mostSessions))
        }
    }

    /// Adds what another counted; those that are counted the most stay.
    mutating func merge(_ other: ToolTally) {
        for tool in other.tools {
            if let place = tools.firstIndex(where: { $0.name == tool.name }) {
                tools[place].sessions = min(tools[place].sessions + tool.sessions, Self.mostSessions)
            } else {
                tools.append(tool)
            }
        }
        guard tools.count > Self.mostTools else { return }
        tools.sort { $0.sessions != $1.sessions ? $0.sessions > $1.sessions : $0.name < $1.name }
        tools.removeLast(tools.count - Self.mostTools)
    }
}

extension ToolTally {
    func save(to encoder: inout ByteEncoder) {
        encoder.write(UInt64(tools.count))
        for tool in tools {
            encoder.write(Array(tool.name.utf8))
            encoder.write(tool.sessions)
        }
    }

    /// Reads a tally; nil from bytes that none wrote.
    init?(restoring decoder: inout ByteDecoder) {
        guard let count = decoder.integer(upTo: UInt64(Self.mostTools)) else { return nil }
        for _ in 0..<count {
            guard let bytes = decoder.run(upTo: Self.mostNameBytes),
                let name = String(validating: bytes, as: UTF8.self),
                !tools.contains(where: { $0.name == name }),
                let sessions = decoder.integer(upTo: Self.mostSessions)
            else { return nil }
            tools.append(Tool(name: name, sessions: sessions))
        }
    }
}
