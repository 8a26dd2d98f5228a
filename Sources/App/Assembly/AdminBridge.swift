import Dashboard
import Forwarding
import Identifiers
import MetricHistory
import Sessions
import Storage

/// Answers the admin interface's questions from the running gateway.
final class AdminBridge: AdminSource {
    unowned let program: GatewayProgram
    let desk = QueryDesk()
    /// Of its own, since the store of another process is opened for each of its answers.
    private let modelDesk = QueryDesk()
    /// How long servers that have not answered keep the gateway from being called ready.
    private static let startMicroseconds: UInt64 = 10_000_000

    private let modelView: ModelView

    init(_ program: GatewayProgram) {
        self.program = program
        modelView = ModelView(program.configuration)
    }

    func status() -> GatewayStatus {
        let servers = program.gateway.serverReports
        return GatewayStatus(
            readiness: readiness(servers), mcpURL: program.mcpURL, adminURL: program.adminURL,
            serversUp: servers.count { $0.state == "up" }, serversTotal: servers.count,
            version: program.gateway.version, learnerState: program.learnerFacts.state.rawValue,
            configurationFile: program.configurationFile ?? "",
            socketPath: GatewayProgram.socketPath(program.configuration))
    }

    private func readiness(_ servers: [ServerReport]) -> Readiness {
        var reasons = servers.filter { $0.state != "up" }.map {
            Readiness.Reason(
                component: "server:\($0.name)", state: $0.state,
                detail: $0.lastError ?? "it has not answered yet", sinceMicroseconds: $0.sinceMicroseconds)
        }
        if let reason = program.storeReason { reasons.append(reason) }
        if let reason = program.auditReason { reasons.append(reason) }
        if let reason = program.keysReason { reasons.append(reason) }
        switch program.gateway.phase {
        case .starting: return Readiness(.starting, reasons: reasons)
        case .draining: return Readiness(.draining, reasons: reasons)
        case .running: break
        }
        let isFresh = WallClock.microseconds - program.startMicroseconds < Self.startMicroseconds
        if isFresh, servers.contains(where: { $0.state == "starting" }) {
            return Readiness(.starting, reasons: reasons)
        }
        return Readiness(reasons.isEmpty ? .ready : .degraded, reasons: reasons)
    }

    func memory() -> MemoryReport { program.memory.report }

    /// Off the loops: a large state table takes milliseconds to look through.
    func top(_ deliver: @escaping @Sendable (TopReport) -> Void) {
        let program = self.program
        Task.detached { deliver(program.topReport) }
    }

    /// Off the loops, likewise.
    func patterns(_ deliver: @escaping @Sendable (LearnedPatterns) -> Void) {
        let program = self.program
        Task.detached { deliver(program.patterns) }
    }

    func servers(_ deliver: @escaping @Sendable ([ServerRow]) -> Void) {
        deliver(
            program.gateway.serverReports.map { report in
                ServerRow(
                    name: report.name, state: report.state, era: report.version.map { "\($0.era)" } ?? "",
                    version: report.version?.text ?? "", transport: report.isProcess ? "stdio" : "http",
                    processID: report.processID, restarts: report.restarts, tools: report.tools,
                    lastError: report.lastError, sinceMicroseconds: report.sinceMicroseconds,
                    standardError: report.standardError)
            })
    }

    func tools(_ deliver: @escaping @Sendable ([ListedTool]) -> Void) {
        deliver(
            program.gateway.toolRows.map {
                ListedTool(name: $0.name, server: $0.server, upstreamName: $0.upstreamName, title: $0.title)
            })
    }

    func sessions(_ deliver: @escaping @Sendable ([SessionRow]) -> Void) {
        let now = WallClock.microseconds
        deliver(
            program.gateway.sessionReports.map { report in
                let transport =
                    report.path.hasPrefix("/sse") ? "sse" : report.isLines ? "stdio" : "http"
                return SessionRow(
                    name: report.name, principal: report.principal, version: report.version,
                    transport: transport, path: report.path, client: report.client,
                    startedMicroseconds: now - report.ageMicroseconds,
                    lastUsedMicroseconds: now - report.idleMicroseconds)
            })
    }

    func models(_ deliver: @escaping @Sendable ([ModelRow]?) -> Void) {
        let view = self.modelView
        if !modelDesk.ask({ deliver(view.rows()) }) { deliver(nil) }
    }

    func metrics(_ query: MetricQuery, _ deliver: @escaping @Sendable (MetricAnswer?) -> Void) {
        let history = program.history
        let isAsked = desk.ask {
            do throws(StorageError) { deliver(try history.answer(query)) } catch { deliver(nil) }
        }
        if !isAsked { deliver(nil) }
    }

    func metricSeries(_ deliver: @escaping @Sendable ([MetricSeries]?) -> Void) {
        let history = program.history
        let isAsked = desk.ask {
            do throws(StorageError) { deliver(try history.series()) } catch { deliver(nil) }
        }
        if !isAsked { deliver(nil) }
    }

    func reload(_ deliver: @escaping @Sendable (ReloadOutcome) -> Void) {
        let program = self.program
        Task {
            let outcome = await program.reload()
            program.noteReload(origin: "admin", outcome)
            deliver(outcome)
        }
    }

    func note(_ act: ReportedAct) -> ReportedAct.Receipt { program.note(act) }

    func tend(_ task: StoreTask, _ deliver: @escaping @Sendable (StoreTask.Outcome) -> Void) {
        program.tendStore(task) { [program] outcome in
            program.noteTask(task, outcome)
            deliver(outcome)
        }
    }
}
