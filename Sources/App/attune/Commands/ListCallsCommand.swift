import ArgumentParser
import Telemetry
import Wire

/// `attune ls calls`.
struct ListCallsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "calls", abstract: "List the last calls, the newest first.")

    @Option(help: "The most calls to list; 0 for all that the gateway remembers.") var limit = 50
    @Option(help: "Only the calls to this server.") var server: String?
    @Option(help: "Only the calls of this tool, by the name that the client used.") var tool: String?
    @Option(help: "Only the calls of this method, such as tools/call.") var method: String?
    @Option(help: "Only the calls with this outcome, such as ok or upstream_timeout.") var outcome: String?
    @OptionGroup var config: ConfigurationOption
    @OptionGroup var output: OutputOption

    func validate() throws {
        if limit < 0 { throw ValidationError("--limit is negative; give a number of calls, or 0 for all") }
        if let outcome, CallRecord.Outcome(label: outcome) == nil {
            let labels = CallRecord.Outcome.allCases.map(\.label).joined(separator: ", ")
            throw ValidationError("no call has the outcome \(outcome); there are \(labels)")
        }
    }

    func run() async throws {
        let filters = [("server", server), ("tool", tool), ("method", method), ("outcome", outcome)]
        let query = filters.compactMap { name, value in value.map { (name: name, value: $0) } }
        let admin = try AdminClient(try config.load().configuration)
        let rows = try await admin.rows("/api/v1/calls", query, limit: limit == 0 ? nil : limit)
        if output.isJSON {
            Console.data(RowList.json(rows))
            return
        }
        var table = TextTable([
            .init("call"), .init("time"), .init("server"), .init("tool or method"), .init("outcome"),
            .init("total", isNumber: true), .init("server part", isNumber: true),
        ])
        for row in rows {
            table.add([
                .init(row["call_id"]?.string ?? ""), .init(row["ts"]?.string ?? ""),
                .init(row["server"]?.string ?? "-"),
                .init(row["tool"]?.string ?? row["method"]?.string ?? ""),
                .state(row["outcome"]?.string ?? ""),
                .init(Amount.duration(microseconds: row["duration_us"]?.int ?? 0)),
                .init(Amount.duration(microseconds: row["upstream_us"]?.int ?? 0)),
            ])
        }
        Console.data(table.rendered(Style(isColored: Console.isColored)))
    }
}
