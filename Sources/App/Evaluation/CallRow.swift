import Learners
import Wire

/// One tool call of a data file.
struct CallRow: Sendable {
    /// What is read of arguments and of a result, at most.
    static let mostBytes = 8192

    var dataset: String
    /// Empty where the file has none.
    var session: String
    var step: Int
    var turn: Int?
    var server: String
    var tool: String
    var arguments: [UInt8]
    var result: [UInt8]
    var isError: Bool
    var isAttack: Bool
    /// Whether the attack on its session reached what it was for.
    var isTakenOver: Bool
    /// Whether the result holds text that an attacker put there.
    var isPoisoned: Bool
    /// Whether the arguments are all that the call had.
    var isWhole: Bool
    /// The kind of agent that called; empty where the file does not tell.
    var agent: String
    /// Of the whole, where the file tells its digest, or else of what is read.
    var argumentsHash: UInt64
    var resultHash: UInt64

    /// Reads a row; nil for one that names no tool, as those of other tasks' files.
    init?(_ view: JSONView) {
        guard let tool = view["tool"]?.string else { return nil }
        self.tool = tool
        dataset = view["dataset"]?.string ?? "traffic"
        session = (view["session_id"] ?? view["session"])?.string ?? ""
        agent = view["model"]?.string ?? ""
        step = view["step"]?.int.flatMap { Int(exactly: $0) } ?? 0
        turn = view["turn"]?.int.flatMap { Int(exactly: $0) }
        server = view["server"]?.string ?? ""
        arguments = Self.text(view["args"] ?? view["arguments"])
        result = Self.text(view["result"])
        argumentsHash = Self.hash(view["args_sha"]?.string, arguments)
        resultHash = Self.hash(view["result_sha"]?.string, result)
        let length = view["args_len"]?.int ?? 0
        isWhole = length <= arguments.count && arguments.count < Self.mostBytes
        isError = view["is_error"]?.bool ?? false
        isPoisoned = (view["poisoned_result"]?.int ?? 0) != 0
        isAttack = (view["attack"]?.int ?? 0) != 0
        isTakenOver = (view["attack_success"]?.int ?? 0) != 0
    }

    private static func hash(_ digest: String?, _ text: [UInt8]) -> UInt64 {
        HashMix.hash((digest.map { Array($0.utf8) } ?? text)[...])
    }

    /// What a string says, or the JSON of another value.
    private static func text(_ view: JSONView?) -> [UInt8] {
        guard let view, !view.isNull else { return [] }
        return Array((view.string.map { Array($0.utf8) } ?? view.rawBytes).prefix(mostBytes))
    }
}
