import Identifiers

/// An immutable snapshot of all advice: per server, with exceptions per tool.
package struct AdviceBook: Sendable {
    package struct Entry: Hashable, Sendable {
        package var advice: Advice
        package var reason: AdviceReason

        package init(_ advice: Advice, _ reason: AdviceReason) {
            self.advice = advice
            self.reason = reason
        }
    }

    private struct ToolKey: Hashable {
        let server: ServerID
        let tool: String
    }

    /// Goes up with every change; recorded with each call.
    package let version: UInt64
    private let fallback: Entry
    private var servers: [ServerID: Entry] = [:]
    private var tools: [ToolKey: Entry] = [:]

    package init(version: UInt64, fallback: Entry = Entry(.standard, .standard)) {
        self.version = version
        self.fallback = fallback
    }

    /// The book that holds the configured numbers only.
    package static func fixed(version: UInt64, _ servers: [ServerID: Advice]) -> AdviceBook {
        var book = AdviceBook(version: version)
        for (server, advice) in servers { book.set(Entry(advice, .configuration), server) }
        return book
    }

    /// - Parameter tool: the server's own name of the tool; nil sets the server's entry.
    package mutating func set(_ entry: Entry, _ server: ServerID, tool: String? = nil) {
        if let tool {
            tools[ToolKey(server: server, tool: tool)] = entry
        } else {
            servers[server] = entry
        }
    }

    /// The advice for a call: the tool's own, else its server's, else the fallback.
    package func entry(_ server: ServerID, tool: String? = nil) -> Entry {
        if let tool, !tools.isEmpty, let entry = tools[ToolKey(server: server, tool: tool)] { return entry }
        return servers[server] ?? fallback
    }
}
