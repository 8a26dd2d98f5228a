import Foundation

/// Reads a client's file: finds the blocks of servers in it and reads each entry.
struct ClientFileReader {
    let places: ImportPlaces
    /// What the clients are pointed at, to know such an entry again.
    let gatewayURL: String

    /// - Parameter client: whose file it is; nil finds that out from its name and content.
    func read(_ path: String, as client: ImportClient?) throws(ImportFailure) -> ClientFile {
        let bytes: [UInt8]
        do throws(FileBytes.Fault) {
            bytes = try FileBytes.read(path, limit: ClientFile.maximumBytes)
        } catch {
            switch error {
            case .system(let number): throw .unreadable(path: path, errno: number)
            case .tooLarge(let size): throw .tooLarge(path: path, bytes: size)
            }
        }
        let source = SourceText(file: path, bytes: bytes)
        let isTOML = client.map { $0 == .codex } ?? path.hasSuffix(".toml")
        let root = try parse(source, asTOML: isTOML)
        let found = Self.blocks(root)
        let owner = client ?? (isTOML ? .codex : ImportClient.owner(of: path) ?? Self.owner(of: root))
        if client == nil, found.isEmpty { throw .unknownFormat(path: path) }
        let real = URL(fileURLWithPath: path).resolvingSymlinksInPath().path
        var file = ClientFile(client: owner, path: path, realPath: real, source: source, isTOML: isTOML)
        file.blocks = found
        for index in found.indices { readBlock(index, &file) }
        return file
    }

    private func parse(_ source: SourceText, asTOML: Bool) throws(ImportFailure) -> JSONCNode {
        if asTOML {
            do throws(ConfigurationFailure) {
                return try JSONCNode(TOMLDocument(source).root)
            } catch {
                var first = error.diagnostics.first
                first?.sourceLine = nil
                throw first.map { .malformed($0) } ?? .unknownFormat(path: source.file)
            }
        }
        // An empty file is what some clients make before the first server.
        if source.bytes.allSatisfy({ [9, 10, 13, 32].contains($0) }) {
            return JSONCNode(content: .object([]), range: 0..<0)
        }
        do throws(JSONCFault) {
            return try JSONCParser.parse(source.bytes)
        } catch {
            var diagnostic = source.diagnostic(.error, at: error.offset..<error.offset + 1, error.message)
            // The line may hold a secret.
            diagnostic.sourceLine = nil
            throw .malformed(diagnostic)
        }
    }

    /// Every object of servers, wherever one of the clients has it, that holds at least one; in the order of
    /// the text.
    static func blocks(_ root: JSONCNode) -> [ClientFile.Block] {
        var blocks: [ClientFile.Block] = []
        func add(_ node: JSONCNode?, project: String? = nil) {
            guard let node, let members = node.members, !members.isEmpty else { return }
            blocks.append(ClientFile.Block(node: node, project: project))
        }
        add(root["mcpServers"])
        add(root["mcp_servers"])
        // Files of Visual Studio Code; elsewhere `servers` may be anything, so its members must be objects.
        if root["servers"]?.members?.allSatisfy({ $0.value.members != nil }) == true { add(root["servers"]) }
        add(root["mcp"]?["servers"])
        add(root["mcp.servers"])
        for project in root["projects"]?.members ?? [] {
            add(project.value["mcpServers"], project: project.key)
        }
        return blocks.sorted { $0.node.range.lowerBound < $1.node.range.lowerBound }
    }

    private static func owner(of root: JSONCNode) -> ImportClient {
        if root["projects"] != nil { return .claudeCode }
        if root["mcpServers"] == nil, root["servers"] ?? root["mcp"] ?? root["mcp.servers"] != nil {
            return .visualStudioCode
        }
        return .other
    }

    private func readBlock(_ index: Int, _ file: inout ClientFile) {
        let block = file.blocks[index]
        let members = block.node.members ?? []
        for (position, member) in members.enumerated() {
            // Of a key that is there twice, the clients read the last.
            guard !members[(position + 1)...].contains(where: { $0.key == member.key }) else { continue }
            var reader = ClientEntryReader(
                client: file.client, home: places.home, workspace: block.project ?? workspace(of: file))
            let entry = reader.read(member.value)
            let isAttune = isAttune(entry)
            file.servers.append(
                ClientServer(
                    originalName: member.key, nameRange: member.keyRange, project: block.project,
                    block: index,
                    entry: entry, isAttune: isAttune))
            guard !isAttune else { continue }
            for text in reader.notices {
                file.notices.append(notice(text, member, file.source))
            }
            for name in Set(reader.variables).sorted() where places.environment[name] == nil {
                let text = "the environment variable \(name) is needed and is not set here"
                file.notices.append(
                    notice(
                        text, member, file.source,
                        "set it where Attune runs, or write ${env:\(name):-default}"))
            }
            file.notices += SecretNotices.find(in: entry, member, file.source)
        }
    }

    private func notice(
        _ text: String, _ member: JSONCMember, _ source: SourceText, _ suggestion: String? = nil
    ) -> Diagnostic {
        var notice = source.diagnostic(
            .warning, at: member.keyRange, "\"\(member.key)\": \(text)", suggestion: suggestion)
        notice.sourceLine = nil
        return notice
    }

    /// The directory that a file of a project belongs to.
    private func workspace(of file: ClientFile) -> String {
        let folder = URL(fileURLWithPath: file.path).deletingLastPathComponent()
        let isHidden = [".vscode", ".cursor", ".gemini"].contains(folder.lastPathComponent)
        let directory = isHidden ? folder.deletingLastPathComponent().path : folder.path
        return directory == places.home || file.path.hasPrefix(places.home + "/.")
            ? places.workingDirectory : directory
    }

    private func isAttune(_ entry: ClientEntry) -> Bool {
        switch entry.transport {
        case .command(let program, let arguments, _, _):
            program.split(separator: "/").last == "attune" && ["connect", "run"].contains(arguments.first)
        case .url(let url, _): url == gatewayURL
        case .unsupported: false
        }
    }
}
