import Foundation

// What sealing values costs: the same work on a store with and without, in turns.
//   sealing-bench [ROUNDS] [DIRECTORY]

let rounds = CommandLine.arguments.dropFirst().first.flatMap { Int($0) } ?? 5
let parent = CommandLine.arguments.dropFirst(2).first ?? FileManager.default.temporaryDirectory.path
let works = [(valueBytes: 200, count: 100_000), (valueBytes: 4096, count: 20_000)]

func text(_ number: Double) -> String { String(Int(number.rounded())) }

print(
    "| values | store | durable writes/s | relaxed writes/s | reads/s | scanned/s | bytes on disk a value |"
)
print("|---|---|---:|---:|---:|---:|---:|")
for work in works {
    var outcomes = [[Outcome]](repeating: [], count: Contender.all.count)
    for _ in 0..<rounds {
        for (index, contender) in Contender.all.enumerated() {
            let directory = parent + "/sealing-bench-\(UUID().uuidString)"
            defer { try? FileManager.default.removeItem(atPath: directory) }
            outcomes[index].append(
                try contender.measure(directory, valueBytes: work.valueBytes, count: work.count))
        }
    }
    for (contender, outcomes) in zip(Contender.all, outcomes) {
        let median = Outcome.median(outcomes)
        print(
            "| \(work.valueBytes) B | \(contender.name) | \(text(median.durable)) | \(text(median.relaxed))"
                + " | \(text(median.reads)) | \(text(median.scanned)) | \(text(median.bytes)) |")
    }
}
