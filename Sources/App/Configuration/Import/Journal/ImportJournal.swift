import Foundation

/// The imports that can be undone, each a numbered directory with copies of the files before and after.
///
/// The directory is the user's alone (0700), for the copies may hold secrets.
struct ImportJournal: Sendable {
    let directory: String

    private static let fileName = "journal.json"

    /// Writes the copies, then changes the files: all of them, or none.
    ///
    /// - Returns: the path of the backup of each file; nil for a file that was made.
    func perform(_ changes: [FileChange]) throws(ImportFailure) -> [String?] {
        for change in changes { try Self.checkUnchanged(change) }
        let folder = try record(changes)
        var done: [FileChange] = []
        do throws(ImportFailure) {
            for change in changes {
                try Self.checkUnchanged(change)
                try Self.write(change.result, change.path, AtomicFile.attributes(change.path) ?? .secret)
                done.append(change)
            }
        } catch {
            for change in done.reversed() { Self.takeBack(change) }
            try? FileManager.default.removeItem(atPath: folder)
            throw error
        }
        return changes.indices.map {
            changes[$0].original == nil ? nil : "\(folder)/\(Self.original($0, changes[$0]))"
        }
    }

    /// Undoes the last import; a second call after a failure goes on where the first stopped.
    func undo(force: Bool) throws(ImportFailure) -> [ImportAction] {
        guard let number = numbers().last else { throw .noJournal(path: directory) }
        let folder = "\(directory)/\(Self.name(number))"
        let entry = try read(folder)
        var steps: [Step] = []
        for file in entry.files { steps.append(try step(file, folder, force: force)) }
        var actions: [ImportAction] = []
        for step in steps { actions.append(try step.perform()) }
        try? FileManager.default.removeItem(atPath: folder)
        return actions
    }

    // MARK: Recording

    private func record(_ changes: [FileChange]) throws(ImportFailure) -> String {
        let folder = "\(directory)/\(Self.name((allNumbers().last ?? 0) + 1))"
        let attributes: [FileAttributeKey: Any] = [.posixPermissions: 0o700]
        do {
            try FileManager.default.createDirectory(
                atPath: directory, withIntermediateDirectories: true, attributes: attributes)
            // Fails when another import has just made it.
            try FileManager.default.createDirectory(
                atPath: folder, withIntermediateDirectories: false, attributes: attributes)
        } catch {
            throw .unwritable(path: folder, errno: SystemError.number(of: error))
        }
        do throws(ImportFailure) {
            var entry = JournalEntry(files: [])
            for (index, change) in changes.enumerated() {
                let attributes = AtomicFile.attributes(change.path) ?? .secret
                let result = "result-\(index)"
                try Self.write(change.result, "\(folder)/\(result)", .secret)
                var original: String?
                if let bytes = change.original {
                    let name = Self.original(index, change)
                    try Self.write(bytes, "\(folder)/\(name)", attributes)
                    original = name
                }
                entry.files.append(
                    JournalEntry.File(
                        path: change.path, client: change.client?.rawValue, original: original,
                        result: result,
                        mode: attributes.mode, owner: attributes.owner, group: attributes.group))
            }
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
            guard let json = try? encoder.encode(entry) else { throw .damagedJournal(path: folder) }
            try Self.write(Array(json), "\(folder)/\(Self.fileName)", .secret)
        } catch {
            try? FileManager.default.removeItem(atPath: folder)
            throw error
        }
        return folder
    }

    private static func original(_ index: Int, _ change: FileChange) -> String {
        "original-\(index)-\(URL(fileURLWithPath: change.path).lastPathComponent)"
    }

    private static func checkUnchanged(_ change: FileChange) throws(ImportFailure) {
        let current = try? FileBytes.read(change.path, limit: ClientFile.maximumBytes)
        guard current == change.original else { throw .changedMeanwhile(path: change.path) }
        do throws(AtomicFile.Fault) {
            try AtomicFile.checkWritable(change.path)
        } catch {
            throw .unwritable(path: change.path, errno: error.errno)
        }
    }

    private static func takeBack(_ change: FileChange) {
        if let original = change.original {
            try? AtomicFile.write(original, to: change.path, AtomicFile.attributes(change.path) ?? .secret)
        } else {
            try? AtomicFile.remove(change.path)
        }
    }

    static func write(
        _ bytes: [UInt8], _ path: String, _ attributes: AtomicFile.Attributes
    ) throws(ImportFailure) {
        do throws(AtomicFile.Fault) {
            try AtomicFile.write(bytes, to: path, attributes)
        } catch {
            throw .unwritable(path: path, errno: error.errno)
        }
    }

    // MARK: Undoing

    private struct Step {
        var file: JournalEntry.File
        /// What to write; nil removes the file.
        var content: [UInt8]?
        /// Why the file stays; nil when it is restored.
        var reason: String?

        func perform() throws(ImportFailure) -> ImportAction {
            if let reason { return .kept(path: file.path, reason: reason) }
            if let content {
                let attributes = AtomicFile.Attributes(mode: file.mode, owner: file.owner, group: file.group)
                try ImportJournal.write(content, file.path, attributes)
                return .restored(path: file.path)
            }
            do throws(AtomicFile.Fault) {
                try AtomicFile.remove(file.path)
            } catch {
                throw .unwritable(path: file.path, errno: error.errno)
            }
            return .removed(path: file.path)
        }
    }

    private func step(
        _ file: JournalEntry.File, _ folder: String, force: Bool
    ) throws(ImportFailure) -> Step {
        let limit = ClientFile.maximumBytes
        let current = try? FileBytes.read(file.path, limit: limit)
        var original: [UInt8]?
        if let name = file.original {
            guard let bytes = try? FileBytes.read("\(folder)/\(name)", limit: limit) else {
                throw .backupMissing(path: file.path, backup: "\(folder)/\(name)")
            }
            original = bytes
        }
        if current == original {
            return Step(file: file, content: nil, reason: "it is what it was before the import already")
        }
        let result = try? FileBytes.read("\(folder)/\(file.result)", limit: limit)
        if !force, current == nil || current != result {
            // Servers that were added to Attune's configuration hurt nobody; a changed client is a person's
            // call.
            guard file.client == nil else { throw .changedSince(path: file.path) }
            return Step(file: file, content: nil, reason: "it was changed after the import")
        }
        return Step(file: file, content: original, reason: nil)
    }

    private func read(_ folder: String) throws(ImportFailure) -> JournalEntry {
        let path = "\(folder)/\(Self.fileName)"
        guard let json = try? FileBytes.read(path, limit: 1 << 20),
            let entry = try? JSONDecoder().decode(JournalEntry.self, from: Data(json)),
            entry.version == JournalEntry.currentVersion,
            entry.files.allSatisfy({ Self.isSound($0) })
        else { throw .damagedJournal(path: path) }
        return entry
    }

    /// Names of copies that stay in the folder.
    private static func isSound(_ file: JournalEntry.File) -> Bool {
        file.path.hasPrefix("/") && [file.original ?? "-", file.result].allSatisfy { !$0.contains("/") }
    }

    private static func name(_ number: Int) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, 6 - digits.count)) + digits
    }

    /// Of complete entries only: without `journal.json` an import was cut off before it changed anything.
    private func numbers() -> [Int] {
        allNumbers().filter { number in
            FileManager.default.fileExists(atPath: "\(directory)/\(Self.name(number))/\(Self.fileName)")
        }
    }

    private func allNumbers() -> [Int] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: directory)) ?? []
        return names.compactMap { Int($0) }.filter { $0 > 0 && $0 < 1_000_000_000 }.sorted()
    }
}
