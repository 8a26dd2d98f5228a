import Foundation

/// The work that each map does, as the DashMap program does it: see Benchmarks/state/dashmap/src/main.rs.
struct Work<Contender: StateContender> {
    private static var valueBytes: Int { 256 }
    let contender: Contender
    let order: [Int]
    let inserted: [String]
    let read: [String]
    let value = [UInt8](repeating: 1, count: valueBytes)

    init(order: [Int]) {
        contender = Contender(keys: order.count)
        self.order = order
        inserted = order.indices.map(Self.text)
        read = order.map(Self.text)
    }

    private static func text(_ number: Int) -> String {
        let digits = String(number)
        return "session/" + String(repeating: "0", count: 8 - digits.count) + digits + "/state"
    }

    /// Reads and changes go over all keys until there are a million.
    private var passes: Int { max(1, (1 << 20) / order.count) }

    func run(rounds: Int) {
        for _ in 0..<rounds {
            words()
            texts()
        }
    }

    private func words() {
        time("insert 64-bit", passes: 1) {
            for number in 0..<UInt64(order.count) { contender.set(number, number) }
        }
        time("get 64-bit") {
            var sum: UInt64 = 0
            for _ in 0..<passes { for number in order { sum &+= contender.get(UInt64(number)) } }
            precondition(sum == UInt64(order.count) * UInt64(order.count - 1) / 2 * UInt64(passes))
        }
    }

    private func texts() {
        contender.removeAll(texts: read)
        time("insert text", passes: 1) { for key in inserted { contender.set(key, value) } }
        // Proof: the memory lasts for the closure, in which all gets are.
        unsafe withUnsafeTemporaryAllocation(byteCount: Self.valueBytes, alignment: 8) { target in
            time("get text") {
                for _ in 0..<passes { for key in read { unsafe contender.get(key, into: target) } }
            }
        }
        time("set text") { for _ in 0..<passes { for key in read { contender.set(key, value) } } }
        mixed()
    }

    /// 14 gets, 5 sets and a removal in 20 operations, on two threads at once.
    private func mixed() {
        let spent = onTwoThreads { thread in
            let start = processorNanoseconds()
            // Proof: as above.
            unsafe withUnsafeTemporaryAllocation(byteCount: Self.valueBytes, alignment: 8) { target in
                for step in 0..<(read.count * passes) {
                    let key = read[(step + thread * read.count / 2) % read.count]
                    switch step % 20 {
                    // Proof: the target has the bytes of a value.
                    case 0...13: unsafe contender.get(key, into: target)
                    case 14...18: contender.set(key, value)
                    default: contender.remove(key)
                    }
                }
            }
            return processorNanoseconds() - start
        }
        report("mixed text, 2 threads", (spent.0 + spent.1) / 2, read.count * passes * 2)
    }

    private func time(_ work: String, passes: Int? = nil, _ body: () -> Void) {
        let start = processorNanoseconds()
        body()
        report(work, processorNanoseconds() - start, order.count * (passes ?? self.passes))
    }

    private func report(_ work: String, _ nanoseconds: Double, _ operations: Int) {
        let hundredths = (nanoseconds / Double(operations) * 100).rounded() / 100
        print("\(work)\t\(Contender.name)\t\(hundredths)")
    }
}
