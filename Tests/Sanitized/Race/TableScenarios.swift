import SharedMemory
import SharedState

/// Threads that all write one state table.
enum TableScenarios {
    private static func table() throws -> StateTable {
        let plan = try StateTablePlan(byteCount: 1 << 18, averageValueBytes: 64)
        let ground = try Ground([plan.section])
        return try StateTable(section: ground.section(.stateTable), averageValueBytes: 64)
    }

    /// Values of every size, counters, swaps and removals in a table that is too small for them.
    static func writers() throws {
        let table = try table()
        let write: @Sendable () -> Void = {
            var generator = SystemRandomNumberGenerator()
            for _ in 0..<3000 {
                let key = UInt64.random(in: 0..<2000, using: &generator)
                let length = key % 50 == 0 ? 9000 : Int(key % 100) + 1
                let value = [UInt8](repeating: UInt8(truncatingIfNeeded: key), count: length)
                _ = try? table.set("\(key)", value, isPinned: key < 20)
                _ = try? table.add(UInt64(7), 1, isPinned: true)
                if key % 9 == 0 { _ = table.remove("\(key + 1)") }
                if let found = table.value("\(key / 2)") {
                    _ = try? table.compareAndSwap("\(key / 2)", expected: found.version, found.bytes)
                    guard found.bytes.allSatisfy({ $0 == found.bytes[0] }) else { fatalError("a torn value") }
                }
                if key % 100 == 0 { table.sweep(slots: 16) }
            }
        }
        Threads.run([write, write, write])
        guard table.counter(UInt64(7))?.value == 9000 else { fatalError("a lost addition") }
    }

    /// Threads that meet on new names, while names of sessions are evicted.
    static func names() throws {
        let table = try table()
        let names = Names(table: table)
        let intern: @Sendable () -> Void = {
            for number in 0..<2000 {
                guard names.id(.session, "session \(number)") != 0 else { fatalError("no id") }
                let tool = names.id(.tool, "tool \(number % 100)")
                guard table.view.name(tool)?.text == "tool \(number % 100)" else { fatalError("no name") }
            }
        }
        Threads.run([intern, intern, intern])
    }
}
