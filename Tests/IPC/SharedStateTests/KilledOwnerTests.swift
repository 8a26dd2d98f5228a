import Foundation
import SharedMemory
import SharedState
import TestSupport
import Testing

@Suite("A table whose owner is killed", .serialized, .timeLimit(.minutes(60))) struct KilledOwnerTests {
    /// What a reader sees of one table.
    struct Sight {
        var values = 0
        var torn: [StoredKey] = []

        mutating func look(_ view: StateTableView) {
            for number in UInt64(0)..<300 {
                let key: StoredKey =
                    switch number % 3 {
                    case 1: .bytes(Array("key \(number)".utf8))
                    default: .word(number)
                    }
                guard let value = view.value(key) else { continue }
                values += 1
                if number % 3 != 2, !SealedValue.isWhole(value.bytes) { torn.append(key) }
            }
        }
    }

    /// Thousands in a soak, by ATTUNE_SOAK_KILLS.
    static let kills = ProcessInfo.processInfo.environment["ATTUNE_SOAK_KILLS"].flatMap(Int.init) ?? 24

    @Test("Readers go on, find every value whole or absent, and miss no more than was being written")
    func kills() throws {
        let folder = try PrivateFolder()
        for round in 0..<Self.kills {
            let threads = round % 3 + 1
            let owner = try FixtureProcess("TableFixture", folder.path, String(threads))
            #expect(owner.line() == "live")
            let segment = try AttachedSegment.file("\(folder.path)/core.segment")
            let view = try StateTableView(section: #require(segment.section(.stateTable)))
            var sight = Sight()
            for _ in 0..<(1 + round % 4) { sight.look(view) }
            usleep(UInt32.random(in: 0...5000))
            owner.killed()
            sight.look(view)
            sight.look(view)
            #expect(sight.torn.isEmpty, "round \(round)")
            #expect(view.value("first")?.bytes == SealedValue.make(1, length: 100))
            let entries = view.snapshot()
            for entry in entries where entry.value.count != 8 {
                #expect(SealedValue.isWhole(entry.value), "round \(round), \(entry.key)")
            }
            // An entry in the middle of a write is counted and not seen; one thread writes one at a time.
            let counted = Int(view.statistics.entries)
            #expect(abs(counted - entries.count) <= threads, "round \(round)")
            #expect(!segment.header.owner.isRunning)
        }
    }
}
