import Wire

/// The three messages that are measured; the same bytes on every run.
enum Messages {
    static var all: [(name: String, bytes: [UInt8])] {
        [("call 200 B", smallCall), ("call 2 KB", call), ("list 100 KB", list)]
    }

    private static let smallCall = Array(
        """
        {"jsonrpc":"2.0","id":17,"method":"tools/call","params":{"name":"time__get_current_time",\
        "arguments":{"timezone":"Europe/Zurich","format":"rfc3339"},"_meta":{"progressToken":"p-17"}}}
        """.utf8)

    /// An order with rows of short strings and numbers.
    private static let call: [UInt8] = {
        let rows = (0..<25).map { row in
            """
            {"sku":"A-000\(row + 10)","quantity":\(row * 3),"price":\(row).\(17 + row),"note":"deliver before noon"}
            """
        }
        return Array(
            """
            {"jsonrpc":"2.0","id":"c-0018","method":"tools/call","params":{"name":"orders__create","arguments":\
            {"customer":"Müller & Söhne","rows":[\(rows.joined(separator: ","))]},"_meta":{"progressToken":18}}}
            """.utf8)
    }()

    /// Tools with descriptions and small schemas, as servers list them.
    private static let list: [UInt8] = {
        var tools: [String] = []
        var count = 0
        while count < 100_000 {
            let tool = #"""
                {"name":"server\#(tools.count % 7)__tool_number_\#(tools.count)","title":"Tool number \#(tools.count)",
                "description":"Reads records from the store and returns those which match the filter. Use it when
                the user asks about \"orders\" or invoices;\nresults are paged, see cursor.",
                "inputSchema":{"type":"object","properties":{"query":{"type":"string","description":"Full text query"},
                "limit":{"type":"integer","minimum":1,"maximum":100,"default":20},"fields":{"type":"array",
                "items":{"type":"string"}},"exact":{"type":"boolean"}},"required":["query"],
                "additionalProperties":false},"annotations":{"readOnlyHint":true,"openWorldHint":false}}
                """#.replacing("\n", with: " ")
            tools.append(tool)
            count += tool.utf8.count + 1
        }
        let joined = tools.joined(separator: ",")
        return Array("{\"jsonrpc\":\"2.0\",\"id\":12,\"result\":{\"tools\":[\(joined)]}}".utf8)
    }()
}
