import CSimdjson
import Foundation

/// Usage: wire-bench [ROUNDS]
let rounds = CommandLine.arguments.dropFirst().first.flatMap { Int($0) } ?? 200

func pad(_ text: String, _ width: Int) -> String {
    text.padding(toLength: max(width, text.count), withPad: " ", startingAt: 0)
}

func number(_ value: Double, _ digits: Int) -> String {
    let scale = pow(10, Double(digits))
    let rounded = (value * scale).rounded() / scale
    return digits == 0 ? "\(Int(rounded))" : "\(rounded)"
}

// Proof: the name is a literal's copy that lives as long as the program.
let implementation = unsafe String(cString: simdjson_bench_implementation())
print(
    "rounds: \(rounds), contenders take turns in each; CPU time of the thread; simdjson kernel: \(implementation)\n"
)
for contender in Contender.all { print("\(pad(contender.name, 18)) \(contender.checks)") }

for message in Messages.all {
    let readers = Contender.all.map { $0.makeReader(message.bytes) }
    var measurements = readers.map { _ in Measurement() }
    // About a quarter of a millisecond a turn for a reader at 1 GB/s.
    let iterations = max(2, 250_000 / message.bytes.count)
    for _ in 0..<rounds {
        for at in readers.indices { measurements[at].addRound(iterations: iterations, readers[at]) }
    }
    let scan = measurements[0]
    print("\n\(message.name) (\(message.bytes.count) bytes)")
    print("\(pad("", 18)) \(pad("min ns", 10)) \(pad("median ns", 10)) \(pad("GB/s", 7)) time to Wire scan's")
    for (contender, measured) in zip(Contender.all, measurements) {
        let speed = Double(message.bytes.count) / measured.minimum
        print(
            pad(contender.name, 18), pad(number(measured.minimum, 0), 10),
            pad(number(measured.median, 0), 10),
            pad(number(speed, 2), 7), number(measured.minimum / scan.minimum, 2))
    }
}
