import SharedMemory
import SharedState
import Synchronization
import TestSupport

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

// A program that owns a state table in tests that must kill its owner:
//   TableFixture DIRECTORY THREADS      owns core.segment there and writes values that prove themselves

/// A later parent is the one that takes orphans: the tests may have been killed too.
let parent = getppid()

/// Until it is killed, or its parent has ended.
func write(_ table: StateTable, seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    while getppid() == parent {
        let number = UInt64.random(in: 0..<300, using: &random)
        let length = random.chance(10) ? 30_000 : Int.random(in: 8...2000, using: &random)
        let value = SealedValue.make(random.next(), length: length)
        switch number % 3 {
        case 0: _ = try? table.set(number, value)
        case 1: _ = try? table.set("key \(number)", value, isPinned: number < 10)
        default:
            _ = try? table.add(number, 1)
            if random.chance(5) { table.remove("key \(number - 1)") }
        }
    }
}

guard CommandLine.arguments.count == 3, let threads = Int(CommandLine.arguments[2]) else { exit(2) }
let plan = try StateTablePlan(byteCount: 1 << 20)
let segment = try Segment.file(
    SegmentPlan(kind: .core, name: "core", sections: [plan.section]), in: CommandLine.arguments[1])
guard let section = segment.section(.stateTable) else { exit(1) }
let table = try StateTable(section: section)
try table.set("first", SealedValue.make(1, length: 100), isPinned: true)
try segment.goLive()
print("live")
fflush(nil)
try await withThrowingTaskGroup(of: Void.self) { group in
    for seed in 0..<UInt64(threads) { group.addTask { write(table, seed: seed) } }
    try await group.waitForAll()
}
