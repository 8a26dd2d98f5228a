import Foundation
import Rings
import SharedMemory

/// Runs the hops in turns, Swift and C after each other in every round, and prints what they took.
struct Comparison {
    let rounds: Int

    func run() throws {
        // In memory: a file on a disk would be written back meanwhile.
        let directory = "/dev/shm/attune-ring-bench-\(getpid())"
        let forget = { _ = try? FileManager.default.removeItem(atPath: directory) }
        defer { forget() }
        var writing = try WritingHalf(directory: directory)
        let reading = try ReadingProcess(directory: directory)
        try writing.attach(directory)
        // Both halves have mapped the files: nothing stays behind if this program is killed from here on.
        forget()
        let batches = [1, 8, 64]
        var taken: [[Hop.Language: [Double]]] = batches.map { _ in [:] }
        for round in 0..<rounds {
            for (index, batch) in batches.enumerated() {
                // The one that is first in a round is last in the next.
                for language in round.isMultiple(of: 2)
                    ? Hop.Language.allCases : Hop.Language.allCases.reversed()
                {
                    let hop = Hop(language: language, batch: batch, count: 20_000)
                    taken[index][language, default: []].append(try measure(hop, &writing, reading))
                }
            }
        }
        print(
            "one writer, one reader in another process, records of 128 bytes copied and checked, none lost"
        )
        print("ns a record, \(rounds) rounds of 20,000 records, Swift and C in turns")
        print("\nbatch   Swift min  median   C min  median   Swift to C, minima  medians")
        for (index, batch) in batches.enumerated() {
            let swift = Summary(taken[index][.swift] ?? [])
            let c = Summary(taken[index][.c] ?? [])
            print(
                String(
                    format: "%5d   %9.1f %7.1f %7.1f %7.1f %20.2f %8.2f", batch, swift.minimum, swift.median,
                    c.minimum, c.median, swift.minimum / c.minimum, swift.median / c.median))
        }
    }

    private func measure(
        _ hop: Hop, _ writing: inout WritingHalf, _ reading: ReadingProcess
    ) throws -> Double {
        reading.ask(hop.request)
        let start = SharedClock.monotonicNanoseconds()
        writing.write(hop)
        let end = try reading.answer()
        return Double(end - start) / Double(hop.count)
    }

    private struct Summary {
        let minimum: Double
        let median: Double

        init(_ values: [Double]) {
            minimum = values.min() ?? .nan
            median = values.isEmpty ? .nan : values.sorted()[values.count / 2]
        }
    }
}
