import Foundation

// Durable and relaxed writes through the store and through RocksDB's C API alone, in turns.
//   store-bench [ROUNDS] [DIRECTORY]

let rounds = CommandLine.arguments.dropFirst().first.flatMap { Int($0) } ?? 3
let parent = CommandLine.arguments.dropFirst(2).first ?? FileManager.default.temporaryDirectory.path
let modes = [(name: "durable", threads: 64, writes: 500), (name: "relaxed", threads: 4, writes: 100_000)]

func run(_ contender: Contender, _ threads: Int, _ writes: Int, _ isDurable: Bool) -> Outcome? {
    let directory = parent + "/store-bench-\(UUID().uuidString)"
    defer { try? FileManager.default.removeItem(atPath: directory) }
    return contender.run(directory, threads, writes, isDurable)
}

func text(_ number: Double) -> String { String(Int(number.rounded())) }

print("| writes | through | threads | writes/s, median (best) | wait, median us | wait, 99th percentile us |")
print("|---|---|---:|---:|---:|---:|")
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
        let sorted = outcomes.sorted { $0.writesPerSecond < $1.writesPerSecond }
        let median = sorted[sorted.count / 2]
        let best = sorted[sorted.count - 1]
        print(
            "| \(mode.name) | \(contender.name) | \(mode.threads) | \(text(median.writesPerSecond))"
                + " (\(text(best.writesPerSecond))) | \(text(median.median)) | \(text(median.ninetyNinth)) |")
    }
}
