import Foundation

/// Attune's configuration as far as an import needs it: its text and its servers, variables not filled in.
struct ExistingConfiguration: Sendable {
    /// Behind all symbolic links; nil when none was named.
    var path: String?
    /// nil when there is no such file.
    var bytes: [UInt8]?
    /// By name, in the order of the file.
    var servers: [(name: String, entry: ClientEntry)] = []

    /// - Throws: `configuration` when the file is not TOML.
    init(path: String?) throws(ImportFailure) {
        guard let path else { return }
        let real = URL(fileURLWithPath: path).resolvingSymlinksInPath().path
        self.path = real
        do throws(FileBytes.Fault) {
            bytes = try FileBytes.read(real, limit: TOMLDocument.maximumBytes)
        } catch {
            switch error {
            case .system(ENOENT): return
            case .system(let number): throw .unreadable(path: path, errno: number)
            case .tooLarge(let size): throw .tooLarge(path: path, bytes: size)
            }
        }
        do throws(ConfigurationFailure) {
            let document = try TOMLDocument(SourceText(file: path, bytes: bytes ?? []))
            servers = Self.servers(document)
        } catch {
            throw .configuration(error.diagnostics)
        }
    }

    /// Whether the text is there already, whatever its line breaks.
    func contains(_ text: String) -> Bool {
        String(decoding: bytes ?? [], as: UTF8.self).replacing("\r\n", with: "\n").contains(text)
    }

    private static func servers(_ document: TOMLDocument) -> [(name: String, entry: ClientEntry)] {
        let tables = document.root.table?.first { $0.key == "servers" }?.node.table ?? []
        return tables.compactMap { table in
            entry(JSONCNode(table.node)).map { (table.key, ClientEntry(transport: $0)) }
        }
    }

    private static func entry(_ node: JSONCNode) -> ClientEntry.Transport? {
        if let command = node["command"]?.string {
            return .command(
                program: command, arguments: (node["args"]?.elements ?? []).compactMap(\.string),
                environment: pairs(node["env"]), workingDirectory: node["cwd"]?.string)
        }
        return node["url"]?.string.map { .url($0, headers: pairs(node["headers"])) }
    }

    private static func pairs(_ node: JSONCNode?) -> [ClientEntry.Pair] {
        (node?.members ?? []).compactMap { member in
            member.value.string.map { ClientEntry.Pair(key: member.key, value: $0) }
        }
    }
}
