import Patterns
import Wire

/// One call of a tool, or one run of an agent at a task, and what came of it.
///
/// Runs are rows as MCPMark publishes them (`model`, `service`, `task`, `run`, `success`, `time_s`); the
/// service stands for the server and the task for the tool.
struct OutcomeRow: Sendable {
    var dataset: String
    /// Empty where the file has none.
    var session: String
    /// Which of several tries it was; empty where the file does not tell.
    var run: String
    var agent: String
    var server: String
    var tool: String
    var failed: Bool?
    /// Nil where the file does not tell; above 0.
    var seconds: Double?

    /// Reads a row; nil for one that is neither a call nor a run.
    init?(_ view: JSONView) {
        agent = view["model"]?.string ?? ""
        session = (view["session_id"] ?? view["session"])?.string ?? ""
        run = view["run"]?.string ?? ""
        let micros = (view["upstream_us"] ?? view["duration_us"])?.double
        var seconds = micros.map { $0 / 1e6 }
        if let tool = view["tool"]?.string {
            self.tool = tool
            dataset = view["dataset"]?.string ?? "traffic"
            server = view["server"]?.string ?? ""
            failed = view["is_error"]?.bool
        } else if let task = view["task"]?.string, let service = view["service"]?.string {
            tool = task
            dataset = view["dataset"]?.string ?? "mcpmark"
            server = service
            failed = view["success"]?.double.map { $0 == 0 }
            seconds = view["time_s"]?.double
        } else {
            return nil
        }
        if let seconds, seconds > 0 { self.seconds = seconds }
    }

    var factors: CallFactors { CallFactors(agent: agent, server: server, tool: tool) }
}
