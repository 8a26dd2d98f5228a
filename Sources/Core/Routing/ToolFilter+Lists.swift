import Wire

extension ToolFilter {
    /// An answer to `tools/list` without the tools that the filter refuses or that no client over HTTP could
    /// call; every other byte stays.
    ///
    /// For addresses that show a server's own answers. A tool with several `name` members is left out if any
    /// of them is refused.
    /// - Parameters:
    ///   - message: the whole answer.
    ///   - result: its `result` member, in place.
    ///   - dropsInvalidHeaders: true for a server of the modern era that is reached by HTTP: tools whose
    ///     `x-mcp-header` annotations break the rules are left out (2026-07-28, basic/transports).
    /// - Returns: the message itself when nothing is refused.
    ///   - isVisible: refuses more tools, by the same names; nil refuses none.
    package func apply(
        to message: [UInt8], result: JSONView, dropsInvalidHeaders: Bool = false,
        where isVisible: ((String) -> Bool)? = nil
    ) -> [UInt8] {
        if allow.isEmpty && deny.isEmpty && !dropsInvalidHeaders && isVisible == nil { return message }
        func admits(_ name: String) -> Bool { self.admits(name) && (isVisible?(name) ?? true) }
        guard let tools = result["tools"], tools.kind == .array else { return message }
        var kept: [UInt8] = [UInt8(ascii: "[")]
        var refusesAny = false
        for tool in tools.elements {
            if tool.members.contains(where: { $0.key == "name" && !admits($0.value.string ?? "") })
                || dropsInvalidHeaders && Self.hasInvalidHeaders(tool)
            {
                refusesAny = true
                continue
            }
            if kept.count > 1 { kept.append(UInt8(ascii: ",")) }
            kept.append(contentsOf: tool.raw)
        }
        guard refusesAny else { return message }
        kept.append(UInt8(ascii: "]"))
        var splice = Splice()
        splice.replace(tools.range, with: kept)
        return splice.apply(to: message)
    }

    private static func hasInvalidHeaders(_ tool: JSONView) -> Bool {
        guard let schema = tool["inputSchema"] else { return false }
        return (try? ParameterHeaderScan.headers(in: schema)) == nil
    }
}
