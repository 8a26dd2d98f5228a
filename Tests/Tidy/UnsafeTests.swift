import Testing

@Suite("Memory safety") struct UnsafeTests {
    /// Rooms whose purpose is unsafe memory; elsewhere each use carries its proof.
    static let rooms = [
        "Sources/Core/CWire/", "Sources/Core/Wire/Scan", "Sources/Core/Wire/Cursor",
        "Sources/Core/Wire/EnvelopeReader", "Sources/IPC/CSharedMemory/", "Sources/IPC/SharedMemory/",
        "Sources/IPC/Rings/", "Sources/IPC/SharedState/", "Sources/Persistence/RocksStorage/",
    ]
    /// A proof stands at most so many lines above what it proves.
    static let reach = 3

    @Test("Every unsafe expression and unchecked conformance carries a sentence of proof") func proofs() {
        var found: [String] = []
        for file in SourceTree.shared.swift where !Self.rooms.contains(where: file.path.hasPrefix) {
            var covered = -Self.reach - 1
            for index in file.lines.indices {
                let line = file.lines[index]
                if line.comment.contains("Proof:") { covered = index }
                // A proof may take more than one line.
                if line.code.allSatisfy(\.isWhitespace), !line.comment.isEmpty, covered == index - 1 {
                    covered = index
                }
                guard line.code.contains(/\bunsafe\b|@unchecked\b/) else { continue }
                if index - covered <= Self.reach {
                    covered = index
                } else {
                    found.append(file.place(index))
                }
            }
        }
        expectNone(found)
    }
}
