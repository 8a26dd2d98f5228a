import Foundation

/// Usage: ring-bench [ROUNDS]; the other half of it is `ring-bench read DIRECTORY`.
let arguments = CommandLine.arguments.dropFirst()

do {
    if arguments.first == "read", let directory = arguments.dropFirst().first {
        try ReadingHalf(directory: directory).serve()
    } else {
        try Comparison(rounds: arguments.first.flatMap { Int($0) } ?? 200).run()
    }
} catch {
    print("failed: \(error)")
    exit(1)
}
