/// Gives every imported server a name of its own and knows again the ones that are there already.
struct ServerNaming {
    private var taken: Set<String>
    private var known: [(name: String, entry: ClientEntry)]

    init(existing: ExistingConfiguration) {
        known = existing.servers
        taken = Set(existing.servers.map(\.name))
    }

    mutating func adopt(_ server: ClientServer, _ file: ClientFile) -> ImportedServer {
        let fitting =
            NamePattern.matches(server.originalName)
            ? server.originalName : NamePattern.adapted(server.originalName)
        var imported = ImportedServer(
            name: fitting, originalName: server.originalName, file: file.path,
            line: file.source.position(of: server.nameRange.lowerBound).line, project: server.project,
            outcome: .added)
        if server.isAttune {
            imported.outcome = .attune
        } else if case .unsupported(let reason, _) = server.entry.transport {
            imported.outcome = .unsupported(reason: reason)
        } else if server.entry.isDisabled {
            imported.outcome = .disabled
        } else if let same = known.first(where: { Self.isSame($0.entry, server.entry) })?.name {
            imported.name = same
            imported.outcome = .present(name: same)
        } else {
            imported.name = free(fitting)
            taken.insert(imported.name)
            known.append((imported.name, server.entry))
        }
        return imported
    }

    private func free(_ name: String) -> String {
        guard taken.contains(name) else { return name }
        var number = 2
        while taken.contains(NamePattern.numbered(name, number)) { number += 1 }
        return NamePattern.numbered(name, number)
    }

    /// The same program with the same arguments, or the same address. A value that was since moved to a
    /// variable is still the same; two accounts of one service are not.
    private static func isSame(_ left: ClientEntry, _ right: ClientEntry) -> Bool {
        switch (left.transport, right.transport) {
        case (
            .command(let program, let arguments, let environment, let directory),
            .command(let otherProgram, let otherArguments, let otherEnvironment, let otherDirectory)
        ):
            program == otherProgram && arguments == otherArguments && directory == otherDirectory
                && isSame(environment, otherEnvironment)
        case (.url(let url, let headers), .url(let otherURL, let otherHeaders)):
            url == otherURL && isSame(headers, otherHeaders)
        default: false
        }
    }

    private static func isSame(_ left: [ClientEntry.Pair], _ right: [ClientEntry.Pair]) -> Bool {
        left.count == right.count
            && left.allSatisfy { pair in
                right.contains { other in
                    pair.key == other.key
                        && (pair.value == other.value || pair.value.contains("${env:")
                            || other.value.contains("${env:"))
                }
            }
    }
}
