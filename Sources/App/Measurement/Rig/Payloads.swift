import Wire

/// The messages that are measured; the same bytes in every run.
enum Payloads {
    static let initialize = Array(
        #"""
        {"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-06-18",\#
        "capabilities":{},"clientInfo":{"name":"measurement","version":"1"}}}
        """#.utf8)
    static let initialized = Array(#"{"jsonrpc":"2.0","method":"notifications/initialized"}"#.utf8)
    static let listTools = Array(#"{"jsonrpc":"2.0","id":7,"method":"tools/list","params":{}}"#.utf8)

    static let echoResult = #"{"content":[{"type":"text","text":"\#(text)"}],"isError":false}"#
    private static let text = "hello gateway benchmark, sixty-four bytes of text for one echo call"

    /// A tool call of 170 bytes and, about, the padding, in string members as agents write them.
    static func call(tool: String, padding: Int) -> [UInt8] {
        var arguments = #""text":"\#(text)""#
        var number = 0
        while arguments.utf8.count < padding {
            number += 1
            arguments += #","note_\#(number)":"line \#(number) of what the agent wants to be remembered""#
        }
        return Array(
            #"""
            {"jsonrpc":"2.0","id":7,"method":"tools/call",\#
            "params":{"name":"\#(tool)","arguments":{\#(arguments)}}}
            """#.utf8)
    }

    /// A server's answer to a tool call, without the modern era's members.
    static let legacyAnswer = Array(#"{"jsonrpc":"2.0","id":1088,"result":\#(echoResult)}"#.utf8)

    /// The result of `tools/list` with `echo` and further tools of about 230 bytes each.
    static func toolList(count: Int) -> [UInt8] {
        let tools = (1...max(1, count)).map { number in
            #"""
            {"name":"\#(number == 1 ? "echo" : "echo_\(number)")","description":"Echo the text back, number \#
            \#(number).","inputSchema":{"type":"object","properties":{"text":{"type":"string",\#
            "description":"text to echo"}},"required":["text"]}}
            """#
        }
        return Array("{\"tools\":[\(tools.joined(separator: ","))]}".utf8)
    }

    /// A whole answer to `tools/list` of at least so many bytes.
    static func listAnswer(bytes: Int) -> [UInt8] {
        var count = 1
        while toolList(count: count).count < bytes { count += max(1, count / 50) }
        return Array(#"{"jsonrpc":"2.0","id":1088,"result":"#.utf8) + toolList(count: count)
            + [UInt8(ascii: "}")]
    }
}
