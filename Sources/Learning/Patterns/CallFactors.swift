import Learners

/// What is known of a call before it is made, as hashes: who asks which tool of which server.
///
/// Names of agents are taken with their prefixes up to each `-` (models come in families), names of tools
/// with what stands before `__`, or else before the first `_`, `.` or `-` (a project or a verb).
package struct CallFactors: Sendable, Equatable {
    private static let mostNameBytes = 256
    private static let mostPrefixes = 6

    /// Prefixes of the agent's name from short to long; the last is the whole name.
    package let agents: [UInt64]
    package let server: UInt64
    /// The first part of the tool's name.
    package let family: UInt64
    package let tool: UInt64

    /// - Parameter agent: the kind of agent, such as a model's name; may be empty.
    package init(agent: String, server: String, tool: String) {
        self.server = HashMix.hash(Array(server.utf8.prefix(Self.mostNameBytes))[...])
        let name = Array(tool.utf8.prefix(Self.mostNameBytes))
        self.tool = HashMix.mix(self.server, HashMix.hash(name[...]))
        family = HashMix.mix(self.server, HashMix.hash(name[..<Self.familyEnd(name)]))
        let agent = Array(agent.utf8.prefix(Self.mostNameBytes))
        var agents: [UInt64] = []
        for index in agent.indices where agent[index] == UInt8(ascii: "-") {
            guard agents.count < Self.mostPrefixes - 1 else { break }
            agents.append(HashMix.mix(HashMix.hash(agent[..<index])))
        }
        agents.append(HashMix.mix(HashMix.hash(agent[...])))
        self.agents = agents
    }

    /// The whole name of the agent.
    package var agent: UInt64 { agents[agents.count - 1] }
    /// The shortest prefix of the agent's name.
    package var agentFamily: UInt64 { agents[0] }
    /// The agent's name without its last part, where it has two.
    package var agentParent: UInt64 { agents[max(0, agents.count - 2)] }

    /// The name of one effect: of a kind, of one or two factors.
    @inline(__always)
    static func name(_ kind: UInt64, _ a: UInt64 = 0, _ b: UInt64 = 0) -> UInt64 {
        HashMix.mix(a &+ kind &* 0x9E37_79B9_7F4A_7C15, b)
    }

    private static func familyEnd(_ name: [UInt8]) -> Int {
        let line = UInt8(ascii: "_")
        for index in name.indices.dropLast() where index > 0 && name[index] == line && name[index + 1] == line
        {
            return index
        }
        let separators = [line, UInt8(ascii: "."), UInt8(ascii: "-")]
        return name.indices.first { $0 > 0 && separators.contains(name[$0]) } ?? name.count
    }
}
