import Testing

@Suite("Memory safety") struct UnsafeTests {
    /// Rooms whose purpose is unsafe memory; elsewhere each use carries its proof.
    static let rooms = [
        "Sources/Core/CWire/", "Tests/Core/WireTests/BlockTwinTests", "Tests/Core/WireTests/OutlineTests",
        "Fuzz/", "Sources/Core/Wire/Scan", "Sources/Core/Wire/Cursor", "Sources/Core/Wire/OutlineCursor",
        "Sources/Core/Wire/Envelope", "Sources/Core/Wire/KeyText", "Sources/IPC/CSharedMemory/",
        "Sources/IPC/SharedMemory/",
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
                if Self.isProof(line) { covered = index }
                // A proof may take more than one line.
                if line.code.allSatisfy(\.isWhitespace), !line.comment.isEmpty, covered == index - 1 {
                    covered = index
                }
                guard Self.needsProof(line) else { continue }
                // What a type promises of itself may be proved where its body begins.
                let body = file.lines[index...].prefix(Self.reach + 1)
                if index - covered <= Self.reach {
                    covered = index
                } else if !line.mentions("@unchecked") || !body.contains(where: Self.isProof) {
                    found.append(file.place(index))
                }
            }
        }
        expectNone(found)
    }

    private static func isProof(_ line: SourceFile.Line) -> Bool {
        line.comment.holds("Proof") && line.comment.contains(/\bProof\b[^:]*:/)
    }

    private static func needsProof(_ line: SourceFile.Line) -> Bool {
        guard line.mentions("unsafe", "@unchecked") else { return false }
        // The words are made of two parts here, so that this line needs no proof.
        return line.code.split { !$0.isLetter && $0 != "@" && $0 != "_" }
            .contains { $0 == "un" + "safe" || $0 == "@un" + "checked" }
    }
}
