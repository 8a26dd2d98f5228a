import ArgumentParser
import Wire

/// `attune ls tools`.
struct ListToolsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tools", abstract: "List the tools that clients of /mcp see, in their order.")

    @Option(help: "Only the tools of this server.") var server: String?
    @OptionGroup var config: ConfigurationOption
    @OptionGroup var output: OutputOption

    func run() async throws {
        let query = server.map { [("server", $0)] } ?? []
        let rows = try await AdminClient(try config.load().configuration).rows("/api/v1/tools", query)
        if output.isJSON {
            Console.data(RowList.json(rows))
            return
        }
        var table = TextTable([.init("name"), .init("server"), .init("upstream name"), .init("title")])
        for row in rows {
            table.add([
                .init(row["name"]?.string ?? ""), .init(row["server"]?.string ?? ""),
                .init(row["upstream_name"]?.string ?? ""), .init(row["title"]?.string ?? ""),
            ])
        }
        Console.data(table.rendered(Style(isColored: Console.isColored)))
    }
}
