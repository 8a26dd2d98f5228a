import ArgumentParser
import Measurement

/// `attune bench hop PATTERN`, which `Benchmarks/router/compare` runs beside other queues.
struct BenchHopCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "hop", abstract: "Pass work between two event loops, for a comparison.",
        discussion: "Prints nanoseconds of processor time and of elapsed time a piece of work.",
        shouldDisplay: false)

    @Argument(help: "The pattern.") var pattern: LoopHop
    @Option(help: "How many pieces of work.") var count = 100_000

    func validate() throws {
        guard (1...1_000_000_000).contains(count) else { throw ValidationError("--count is from 1 to 10^9") }
    }

    func run() async throws {
        let cost = await pattern.measure(count)
        Console.data("\(cost.processor) \(cost.elapsed)")
    }
}

extension LoopHop: ExpressibleByArgument {}
