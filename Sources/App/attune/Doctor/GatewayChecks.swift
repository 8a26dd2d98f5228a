import Configuration
import Telemetry
import Wire

/// Whether a gateway runs, and whether it could.
enum GatewayChecks {
    struct Result {
        var findings: [Finding]
        /// The rows of the running gateway's servers; nil if none runs.
        var servers: [JSONView]?
    }

    static func findings(_ configuration: GatewayConfiguration) async -> Result {
        let core = configuration.core
        guard let admin = try? AdminClient(configuration) else {
            let finding = Finding(
                check: "gateway", status: .skip,
                detail: "[core] admin has port 0, so it is not known where to ask")
            return Result(findings: [finding], servers: nil)
        }
        do throws(CommandFailure) {
            let status = try await admin.value("/api/v1/status")
            let servers = try await admin.rows("/api/v1/servers")
            return Result(findings: running(status, admin.address.base), servers: servers)
        } catch {
            return Result(findings: absent(error, core), servers: nil)
        }
    }

    private static func absent(_ failure: CommandFailure, _ core: CoreConfiguration) -> [Finding] {
        guard case .notRunning(let address, let reason) = failure else {
            let next = "another program may hold the port: stop it, or choose another [core] admin"
            return [.fail("gateway", failure.report, next: next)]
        }
        let finding = Finding(
            check: "gateway", status: .skip, detail: "no gateway answers at \(address) (\(reason))",
            next: "start it with `attune run`")
        return [finding] + port("listen", core.listen) + port("admin", core.admin)
    }

    private static func running(_ status: JSONView, _ address: String) -> [Finding] {
        let state = status["status"]?.string ?? "unknown"
        let version = status["version"]?.string ?? "unknown"
        var findings: [Finding] = []
        let detail = "runs at \(address), \(state), version \(version)"
        if state == "ready" || state == "degraded" {
            findings.append(.ok("gateway", detail))
        } else {
            let next = "see its log; `attune status` shows the reasons"
            findings.append(.fail("gateway", detail, next: next))
        }
        if version != GatewayVersion.text {
            let next = "restart the gateway to run the version that is installed"
            findings.append(
                .warn("gateway version", "\(version), this program is \(GatewayVersion.text)", next: next))
        }
        return findings
    }

    private static func port(_ key: String, _ address: ListenAddress) -> [Finding] {
        guard address.port != 0 else { return [] }
        let check = "[core] \(key)"
        switch PortProbe.probe(address) {
        case .free: return [.ok(check, "\(address) is free")]
        case .taken:
            let next = "stop the program that holds it (`ss -ltnp` names it), or choose another port"
            return [.fail(check, "\(address) is held by a program that is no gateway", next: next)]
        case .refused(let reason):
            let next = "give an address of this machine and a port above 1023"
            return [.fail(check, "\(address) cannot be listened on: \(reason)", next: next)]
        }
    }
}
