import ArgumentParser
import Audit

/// What `search` and `tail` select by.
struct AuditFilterOptions: ParsableArguments {
    @Option(help: "Only entries of this kind: call, access, admin, config, run, gap or finding.")
    var kind: String?
    @Option(help: "Only what this principal did.") var principal: String?
    @Option(help: "Only the calls of this tool, by the name that the client used.") var tool: String?
    @Option(help: "Only the calls to this server.") var server: String?
    @Option(help: ArgumentHelp("Only the call with this id, as in Attune-Call-Id.", valueName: "id"))
    var call: String?
    @Option(help: ArgumentHelp("Only what began at this time or later.", valueName: "time"))
    var since: String?
    @Option(help: ArgumentHelp("Only what began before this time.", valueName: "time"))
    var until: String?

    func validate() throws {
        do throws(AuditFilter.Fault) { _ = try filter() } catch { throw ValidationError("\(error)") }
    }

    func filter() throws(AuditFilter.Fault) -> AuditFilter {
        let words = [
            "kind": kind, "principal": principal, "tool": tool, "server": server, "call": call,
            "since": since, "until": until,
        ]
        return try AuditFilter { words[$0] ?? nil }
    }
}
