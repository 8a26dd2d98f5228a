import Patterns
import Testing

@Suite("Finding tools by questions") struct ToolSearchTests {
    private static func search() -> ToolSearch {
        var search = ToolSearch()
        for (server, name, description) in [
            ("mail", "send_mail", "Send a message to an address"),
            ("mail", "list_folders", "List all folders"),
            ("geo", "get_forecast", "The weather of the next days"),
            ("geo", "find_route", "A way between places"),
            ("db", "run_query", "Run SQL"), ("db", "list_tables", "List tables of a database"),
        ] {
            _ = search.insert(.init(server: server, name: name, description: description, parameters: ""))
        }
        return search
    }

    @Test(
        "Questions find the tools whose words they use, in other forms too",
        arguments: [
            ("send messages please", 0), ("What is the weather?", 2), ("query", 4), ("table listing", 5),
        ])
    func words(_ question: String, _ tool: Int) {
        #expect(Self.search().rank(question, most: 3).first?.tool == tool)
    }

    @Test("What past questions led to is found by words that no tool has") func past() {
        var search = Self.search()
        for _ in 0..<5 {
            search.learn("umbrella tomorrow?", tools: [2])
            search.learn("drive to Bern", tools: [3])
        }
        #expect(search.rank("do I need an umbrella", most: 1).first?.tool == 2)
        #expect(search.rank("how long to drive home", most: 1).first?.tool == 3)
    }

    @Test("Nothing is found where there is nothing") func empty() {
        var search = ToolSearch()
        search.learn("anything", tools: [0, -1])
        #expect(search.rank("anything", most: 3).isEmpty)
    }
}
