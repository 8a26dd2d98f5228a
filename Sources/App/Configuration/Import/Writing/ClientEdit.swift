/// The new text of a client's file that points the client at Attune.
struct ClientEdit {
    enum Outcome: Sendable, Equatable {
        case replaced([UInt8])
        /// The file stays as it is, for this reason.
        case kept(reason: String)
    }

    let file: ClientFile
    let program: String
    /// The configuration that `program` would not find by itself, absolute.
    let configuration: String?
    let gatewayURL: String

    var outcome: Outcome {
        let leaving = file.servers.filter { !Self.stays($0) }
        guard !leaving.isEmpty else {
            let isPointed = file.servers.contains { $0.isAttune }
            return .kept(
                reason: isPointed
                    ? "it points at Attune already"
                    : file.servers.isEmpty ? "it has no servers" : "Attune reaches none of its servers")
        }
        let entry = file.client.attuneEntry(
            program: program, configuration: configuration, gatewayURL: gatewayURL)
        if file.isTOML {
            // A table that names Attune already is written anew.
            let removed = file.servers.filter { !Self.stays($0) || $0.isAttune }.map(\.originalName)
            let edit = CodexEdit(
                bytes: file.source.bytes, removed: Set(removed), name: name(in: file.servers), entry: entry)
            return edit.text.map { .replaced($0) } ?? .kept(reason: Self.otherForm)
        }
        return replaced(entry)
    }

    private static let otherForm =
        "its servers are written in a form that is not edited; name Attune there by hand"

    private func replaced(_ entry: [(key: String, value: String)]) -> Outcome {
        var bytes = file.source.bytes
        var names: [Set<String>] = []
        // From the back, so that the places before stay right.
        for index in file.blocks.indices.reversed() {
            let servers = file.servers.filter { $0.block == index }
            let staying = servers.filter { Self.stays($0) && !$0.isAttune }
            let node = file.blocks[index].node
            let kept = (node.members ?? []).filter { member in
                staying.contains { $0.nameRange == member.keyRange }
            }
            if servers.allSatisfy(Self.stays) {
                names.insert(Set(servers.map(\.originalName)), at: 0)
                continue
            }
            let edit = ServersBlockEdit(
                bytes: file.source.bytes, block: node, kept: kept, name: name(in: servers), entry: entry)
            bytes.replaceSubrange(node.range, with: Array(edit.text.utf8))
            names.insert(Set(kept.map(\.key)).union([edit.name]), at: 0)
        }
        return isAsMeant(bytes, names) ? .replaced(bytes) : .kept(reason: Self.otherForm)
    }

    /// Reads the new text as the next import would and compares the names in each block.
    private func isAsMeant(_ bytes: [UInt8], _ names: [Set<String>]) -> Bool {
        guard let root = try? JSONCParser.parse(bytes) else { return false }
        return ClientFileReader.blocks(root).map { Set($0.node.members?.map(\.key) ?? []) } == names
    }

    /// Whether the client keeps it: Attune itself, and what Attune cannot reach.
    private static func stays(_ server: ClientServer) -> Bool {
        if case .unsupported = server.entry.transport { return true }
        return server.isAttune
    }

    private func name(in servers: [ClientServer]) -> String {
        let isTaken = servers.contains { Self.stays($0) && !$0.isAttune && $0.originalName == "attune" }
        return isTaken ? "attune-gateway" : "attune"
    }
}
