import ArgumentParser
import Wire

/// `attune ls servers`.
struct ListServersCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "servers", abstract: "List the servers with their states.")

    @OptionGroup var config: ConfigurationOption
    @OptionGroup var output: OutputOption

    func run() async throws {
        let rows = try await AdminClient(try config.load().configuration).rows("/api/v1/servers")
        if output.isJSON {
            Console.data(RowList.json(rows, leavingOut: ["stderr", "since"]))
            return
        }
        var table = TextTable([
            .init("name"), .init("state"), .init("transport"), .init("version"), .init("pid", isNumber: true),
            .init("tools", isNumber: true), .init("restarts", isNumber: true), .init("last error"),
        ])
        for row in rows {
            table.add([
                .init(row["name"]?.string ?? ""), .state(row["state"]?.string ?? ""),
                .init(row["transport"]?.string ?? ""), .init(row["version"]?.string ?? "-"),
                .init(row["pid"]?.int.map(String.init) ?? "-"), .init(String(row["tools"]?.int ?? 0)),
                .init(String(row["restarts"]?.int ?? 0)), .init(row["last_error"]?.string ?? ""),
            ])
        }
        Console.data(table.rendered(Style(isColored: Console.isColored)))
    }
}
