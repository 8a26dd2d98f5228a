import Learners

/// Numbers tools and servers in the order in which they are first seen.
package struct ToolNames: Sendable {
    private struct Name: Hashable, Sendable {
        var server: String
        var tool: String
    }

    private var symbols: [Name: Int] = [:]
    private var list: [Name] = []
    private var servers: [String: Int] = [:]
    private var serverOf: [Int] = []
    package private(set) var names = SymbolNames()

    package init() {}

    package var count: Int { list.count }

    /// - Parameter most: how many tools may be known; further ones have no number.
    mutating func symbol(server: String, tool: String, most: Int) -> Int? {
        let name = Name(server: server, tool: tool)
        if let known = symbols[name] { return known }
        guard list.count < most else { return nil }
        let symbol = list.count
        let group = servers[server] ?? servers.count
        servers[server] = group
        symbols[name] = symbol
        list.append(name)
        serverOf.append(group)
        names.insert(tool, symbol: symbol, group: group)
        return symbol
    }

    /// - Precondition: the number is one of a known tool.
    package func name(_ symbol: Int) -> (server: String, tool: String) {
        (list[symbol].server, list[symbol].tool)
    }

    /// The number of a tool's server.
    /// - Precondition: the number is one of a known tool.
    package func server(_ symbol: Int) -> Int { serverOf[symbol] }
}

extension ToolNames {
    func save(to encoder: inout ByteEncoder) {
        encoder.write(UInt64(list.count))
        for name in list {
            encoder.write(Array(name.server.utf8))
            encoder.write(Array(name.tool.utf8))
        }
    }

    /// Reads names; nil from bytes that none wrote.
    init?(most: Int, restoring decoder: inout ByteDecoder) {
        guard let count = decoder.integer(upTo: UInt64(most)) else { return nil }
        for index in 0..<Int(count) {
            guard let server = decoder.run(upTo: NextTool.mostNameBytes),
                let tool = decoder.run(upTo: NextTool.mostNameBytes),
                let server = String(validating: server, as: UTF8.self),
                let tool = String(validating: tool, as: UTF8.self),
                symbol(server: server, tool: tool, most: most) == index
            else { return nil }
        }
    }
}
