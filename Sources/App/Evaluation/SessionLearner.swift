import Patterns

/// What predicts for sessions, call by call.
protocol SessionLearner {
    var tools: ToolNames { get }
    mutating func symbol(server: String, tool: String) -> Int?
    mutating func begin(session: UInt64, agent: String)
    mutating func end(session: UInt64)
}

extension NextTool: SessionLearner {}
extension NextCall: SessionLearner {}
