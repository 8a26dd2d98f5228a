import Foundation
import TestSupport

/// Files of calls that the tests make themselves.
struct CallFile {
    let folder: PrivateFolder

    init() throws { folder = try PrivateFolder() }

    func write(_ name: String, _ lines: [String]) throws -> String {
        let path = "\(folder.path)/\(name)"
        try Data((lines.joined(separator: "\n") + "\n").utf8).write(to: URL(filePath: path))
        return path
    }

    static func call(
        _ tool: String, session: String? = nil, server: String = "shop", dataset: String? = "made",
        arguments: String = "{}", extra: String = ""
    ) -> String {
        var fields = ["\"tool\":\"\(tool)\"", "\"server\":\"\(server)\""]
        if let session { fields.append("\"session_id\":\"\(session)\"") }
        if let dataset { fields.append("\"dataset\":\"\(dataset)\"") }
        fields.append("\"args\":\"\(arguments.replacing("\"", with: "\\\""))\"")
        return "{" + fields.joined(separator: ",") + extra + "}"
    }

    /// Sessions that look for something, open it and buy it or not, as a coin with a memory says.
    static func shopping(_ sessions: Range<Int>, seed: UInt64) -> [String] {
        var random = SeededGenerator(seed: seed)
        return sessions.flatMap { number -> [String] in
            let isCheap = random.chance(60)
            let session = "session-\(number)"
            let tools = ["search", "open", isCheap ? "buy" : "leave", "rate"]
            return tools.map { tool in
                call(
                    tool, session: session, arguments: "{\"item\":\(number % 5)}",
                    extra: tool == "open" ? ",\"result\":\"price \(isCheap ? "low" : "high")\"" : "")
            }
        }
    }
}
