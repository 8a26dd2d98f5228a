import ArgumentParser
import Measurement

/// `attune bench op NAME`, which the instruction gate runs under callgrind.
struct BenchOperationCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "op", abstract: "Perform one operation many times, for a profiler.",
        discussion: "Operations: \(Operation.allCases.map(\.rawValue).joined(separator: ", ")).",
        shouldDisplay: false)

    @Argument(help: "The operation.") var name: Operation
    @Option(help: "How many times.") var count = 1000

    func validate() throws {
        guard (0...1_000_000_000).contains(count) else { throw ValidationError("--count is from 0 to 10^9") }
    }

    func run() throws {
        do throws(MeasurementFailure) {
            Console.talk("\(name.rawValue): \(count) times, \(try name.run(count))")
        } catch {
            throw CommandFailure.measuring(error)
        }
    }
}

extension Operation: ExpressibleByArgument {}
