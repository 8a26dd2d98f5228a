/// Replaces tables `[mcp_servers.NAME]` of a TOML file by one that names Attune; the rest stays byte for
/// byte.
struct CodexEdit {
    let bytes: [UInt8]
    let removed: Set<String>
    let name: String
    let entry: [(key: String, value: String)]

    /// The new text; nil when the servers are not written as tables with headers.
    var text: [UInt8]? {
        guard let scan = try? TOMLLocator.scan(bytes) else { return nil }
        var result: [UInt8] = []
        var copied = 0
        var hasEntry = false
        var index = 0
        while index < scan.statements.count {
            guard isRemoved(scan.statements[index]) else {
                index += 1
                continue
            }
            let first = scan.statements[index]
            while index + 1 < scan.statements.count, isRemoved(scan.statements[index + 1]) { index += 1 }
            result += bytes[copied..<lineStart(first.range.lowerBound)]
            if !hasEntry { result += section.utf8 }
            hasEntry = true
            copied = lineEnd(scan.statements[index].range.upperBound)
            index += 1
        }
        guard hasEntry else { return nil }
        result += bytes[copied...]
        return isAsMeant(result) ? result : nil
    }

    private func isRemoved(_ statement: TOMLStatement) -> Bool {
        let parts = statement.table.parts
        guard parts.count >= 2, parts[0] == .key("mcp_servers"), case .key(let name) = parts[1] else {
            return false
        }
        return removed.contains(name)
    }

    private var section: String {
        let lines =
            ["[mcp_servers.\(TOMLText.key(name))]"] + entry.map { "\(TOMLText.key($0.key)) = \($0.value)" }
        let isWindows = bytes.firstIndex(of: 10).map { $0 > 0 && bytes[$0 - 1] == 13 } ?? false
        return lines.map { $0 + (isWindows ? "\r\n" : "\n") }.joined()
    }

    private func isAsMeant(_ text: [UInt8]) -> Bool {
        guard let before = try? TOMLDocument(SourceText(file: "", bytes: bytes)),
            let after = try? TOMLDocument(SourceText(file: "", bytes: text))
        else { return false }
        let expected = Set(names(before)).subtracting(removed).union([name])
        return Set(names(after)) == expected
    }

    private func names(_ document: TOMLDocument) -> [String] {
        document.root.table?.first { $0.key == "mcp_servers" }?.node.table?.map(\.key) ?? []
    }

    private func lineStart(_ offset: Int) -> Int {
        (bytes[..<offset].lastIndex(of: 10) ?? -1) + 1
    }

    private func lineEnd(_ offset: Int) -> Int {
        bytes[offset...].firstIndex(of: 10).map { $0 + 1 } ?? bytes.count
    }
}
