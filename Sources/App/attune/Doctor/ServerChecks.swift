import Configuration
import Foundation
import Processes
import Transports
import Wire

/// Whether each server can be started or reached, and how it is in the running gateway.
enum ServerChecks {
    /// The last lines of standard error that are shown.
    private static let shownLines = 8

    static func findings(_ configuration: GatewayConfiguration, running: [JSONView]?) async -> [Finding] {
        var findings: [Finding] = []
        for server in configuration.servers {
            findings += await reach(server)
            if let row = running?.first(where: { $0["name"]?.string == server.name }) {
                findings.append(state(server.name, row))
            } else if running != nil {
                let next = "load the configuration anew: restart the gateway or POST to /-/reload"
                findings.append(
                    .warn("server:\(server.name)", "the running gateway does not know it", next: next))
            }
        }
        return findings
    }

    private static func reach(_ server: ServerConfiguration) async -> [Finding] {
        switch server.upstream {
        case .command(let command): return [self.command("server:\(server.name) command", command)]
        case .url(let url): return [await self.url("server:\(server.name) url", url)]
        case .replicas(let replicas):
            var findings: [Finding] = []
            for (number, replica) in replicas.enumerated() {
                let check = "server:\(server.name) replica \(number + 1)"
                switch replica {
                case .command(let command): findings.append(self.command(check, command))
                case .url(let url): findings.append(await self.url(check, url))
                }
            }
            return findings
        }
    }

    private static func command(_ check: String, _ command: Configuration.ServerCommand) -> Finding {
        let launched = Processes.ServerCommand(
            command: command.program.value, arguments: command.arguments.map(\.value),
            environment: command.environment.mapValues(\.value),
            workingDirectory: command.workingDirectory?.value)
        do throws(LaunchError) {
            let path = try launched.located(inherited: ProcessInfo.processInfo.environment)
            return .ok(check, path)
        } catch {
            return .fail(check, error.description, next: "correct [servers] command, or install the program")
        }
    }

    private static func url(_ check: String, _ url: ServerURL) async -> Finding {
        do throws(HTTPEndpoint.Problem) {
            _ = try HTTPEndpoint(
                url: url.url.value, headers: url.headers.map { ($0.name, $0.value.value) })
        } catch {
            return .fail(
                check, "\(url.url) cannot be used: \(error.text)", next: "correct it in the configuration")
        }
        do throws(CommandFailure) {
            let status = try await GatewayClient.probe(url.url.value)
            return .ok(check, "\(url.url) answers (HTTP \(status))")
        } catch {
            let next = "start that server, or correct the address; calls to it fail until then"
            return .fail(check, "nothing answers at \(url.url) (\(error.reason))", next: next)
        }
    }

    private static func state(_ name: String, _ row: JSONView) -> Finding {
        let state = row["state"]?.string ?? "unknown"
        let check = "server:\(name)"
        var detail = state
        if let version = row["version"]?.string { detail += ", protocol \(version)" }
        detail += ", \(row["tools"]?.int ?? 0) tools, \(row["restarts"]?.int ?? 0) restarts"
        if let error = row["last_error"]?.string { detail += "; last error: \(error)" }
        let isWell = state == "up" || state == "idle"
        let lines = row["stderr"].map { $0.elements.compactMap(\.string) } ?? []
        let next =
            lines.isEmpty
            ? "run its command by hand, or see the gateway's log" : "its last lines below may say why"
        var finding = isWell ? Finding.ok(check, detail) : Finding.fail(check, detail, next: next)
        if !isWell || row["last_error"]?.string != nil { finding.lines = lines.suffix(shownLines) }
        return finding
    }
}
