import Foundation

extension ImportPlan {
    /// Appends `toml` to the file at `configurationPath`, made when absent, and points the clients at Attune
    /// when asked to. Either everything happens or nothing.
    package func apply(
        configurationPath: String, pointClients: Bool
    ) throws(ImportFailure) -> [ImportAction] {
        let target = try ExistingConfiguration(path: configurationPath)
        let path = target.path ?? configurationPath
        if existing.path == path, existing.bytes != target.bytes {
            throw .changedMeanwhile(path: configurationPath)
        }
        let added = servers.count { $0.outcome == .added }
        var changes: [FileChange] = []
        var actions: [ImportAction] = []
        if toml.isEmpty {
            actions.append(.kept(path: configurationPath, reason: "there is nothing to add"))
        } else {
            let result = try Self.appended(toml, to: target, named: configurationPath)
            changes.append(FileChange(path: path, client: nil, original: target.bytes, result: result))
            actions.append(
                target.bytes == nil
                    ? .created(path: configurationPath, servers: added)
                    : .appended(path: configurationPath, servers: added))
        }
        var pointed: [(action: Int, change: Int)] = []
        for edit in pointClients ? edits : [] {
            switch edit.outcome {
            case .kept(let reason): actions.append(.kept(path: edit.file.path, reason: reason))
            case .replaced(let bytes):
                pointed.append((actions.count, changes.count))
                actions.append(.pointed(client: edit.file.client, path: edit.file.path, backup: ""))
                changes.append(
                    FileChange(
                        path: edit.file.realPath, client: edit.file.client, original: edit.file.source.bytes,
                        result: bytes))
            }
        }
        guard !changes.isEmpty else { return actions }
        if target.bytes == nil, !toml.isEmpty { try Self.makeDirectory(of: path) }
        let backups = try ImportJournal(directory: places.journalDirectory).perform(changes)
        for (action, change) in pointed {
            guard case .pointed(let client, let path, _) = actions[action] else { continue }
            actions[action] = .pointed(client: client, path: path, backup: backups[change] ?? "")
        }
        return actions
    }

    /// Restores, byte for byte, the files that the last `apply` changed.
    ///
    /// - Throws: `changedSince` when a client's file is not what the import left, unless `force` is set.
    package static func undo(
        places: ImportPlaces, force: Bool = false
    ) throws(ImportFailure) -> [ImportAction] {
        try ImportJournal(directory: places.journalDirectory).undo(force: force)
    }

    /// The file with the new sections at its end, in its own line breaks.
    private static func appended(
        _ toml: String, to target: ExistingConfiguration, named name: String
    ) throws(ImportFailure) -> [UInt8] {
        var bytes = target.bytes ?? []
        let isWindows = bytes.firstIndex(of: 10).map { $0 > 0 && bytes[$0 - 1] == 13 } ?? false
        let lineBreak = isWindows ? "\r\n" : "\n"
        if let last = bytes.last {
            if last != 10 { bytes += lineBreak.utf8 }
            bytes += lineBreak.utf8
        }
        bytes += (isWindows ? toml.replacing("\n", with: "\r\n") : toml).utf8
        do throws(ConfigurationFailure) {
            _ = try TOMLDocument(SourceText(file: name, bytes: bytes))
        } catch {
            // A file whose `servers` is an inline table takes no sections.
            throw .configuration(error.diagnostics)
        }
        return bytes
    }

    private static func makeDirectory(of path: String) throws(ImportFailure) {
        let directory = URL(fileURLWithPath: path).deletingLastPathComponent().path
        do {
            try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        } catch {
            throw .unwritable(path: directory, errno: SystemError.number(of: error))
        }
    }
}
