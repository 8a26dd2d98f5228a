/// Usage: state-bench table|dictionary KEYS ROUNDS. Prints lines of work, map and nanoseconds an operation,
/// for Benchmarks/state/compare.
let arguments = CommandLine.arguments.dropFirst().compactMap { Int($0) }
let keys = arguments.first ?? 131_072
let rounds = arguments.dropFirst().first ?? 3

/// SplitMix64, as the DashMap program has it.
struct Random: RandomNumberGenerator {
    var state: UInt64 = 42

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
        return mixed ^ mixed >> 31
    }
}

var random = Random()
var order = Array(0..<keys)
for at in stride(from: keys - 1, to: 0, by: -1) {
    order.swapAt(at, Int(random.next() % UInt64(at + 1)))
}
switch CommandLine.arguments.dropFirst().first {
case "table": Work<TableContender>(order: order).run(rounds: rounds)
case "dictionary": Work<DictionaryContender>(order: order).run(rounds: rounds)
default: fatalError("usage: state-bench table|dictionary KEYS ROUNDS")
}
