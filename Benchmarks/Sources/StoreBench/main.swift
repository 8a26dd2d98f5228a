import Foundation

// Durable and relaxed writes through the store and through RocksDB's C API alone, in turns.
//   store-bench [ROUNDS] [DIRECTORY]

let rounds = CommandLine.arguments.dropFirst().first.flatMap { Int($0) } ?? 3
let parent = CommandLine.arguments.dropFirst(2).first ?? FileManager.default.temporaryDirectory.path
let modes = [(name: "durable", threads: 64, writes: 500), (name: "relaxed", threads: 4, writes: 100_000)]

func processorMicroseconds() -> Double {
    var time = timespec()
    // Proof: `time` outlives the call, which writes one timespec.
    _ = unsafe clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
    return Double(time.tv_sec) * 1e6 + Double(time.tv_nsec) / 1e3
}

func run(_ contender: Contender, _ threads: Int, _ writes: Int, _ isDurable: Bool) -> Outcome? {
    let directory = parent + "/store-bench-\(UUID().uuidString)"
    defer { try? FileManager.default.removeItem(atPath: directory) }
    let start = processorMicroseconds()
    guard var outcome = contender.run(directory, threads, writes, isDurable) else { return nil }
    outcome.processor = (processorMicroseconds() - start) / Double(max(1, outcome.writes))
    return outcome
}

func median(_ outcomes: [Outcome], _ part: (Outcome) -> Double) -> Double {
    let sorted = outcomes.map(part).sorted()
    return sorted[sorted.count / 2]
}

func text(_ number: Double) -> String { String(Int(number.rounded())) }

print(
    "| writes | through | threads | writes/s, median (best) | wait, median us | wait, 99th percentile us"
        + " | processor us a write |")
print("|---|---|---:|---:|---:|---:|---:|")
for mode in modes {
    var outcomes = [[Outcome]](repeating: [], count: Contender.all.count)
    for _ in 0..<rounds {
        for (index, contender) in Contender.all.enumerated() {
            guard let outcome = run(contender, mode.threads, mode.writes, mode.name == "durable") else {
                FileHandle.standardError.write(Data("error: \(contender.name) failed in \(parent)\n".utf8))
                exit(1)
            }
            outcomes[index].append(outcome)
        }
    }
    for (contender, outcomes) in zip(Contender.all, outcomes) {
        let best = outcomes.map(\.writesPerSecond).max() ?? 0
        print(
            "| \(mode.name) | \(contender.name) | \(mode.threads)"
                + " | \(text(median(outcomes, \.writesPerSecond))) (\(text(best)))"
                + " | \(text(median(outcomes, \.median))) | \(text(median(outcomes, \.ninetyNinth)))"
                + " | \((median(outcomes, \.processor) * 10).rounded() / 10) |")
    }
}
