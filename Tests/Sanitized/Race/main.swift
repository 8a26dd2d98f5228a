import Glibc

// Runs threads over one mapping, for the thread sanitizer to watch:
//   Race SCENARIO    exits with 0 if nothing was reported, with 66 (the sanitizer's own) if a race was

let scenarios: [String: () throws -> Void] = [
    "observations": Scenarios.observations,
    "overrun": Scenarios.overrun,
    "payloads": Scenarios.payloads,
    "commands": Scenarios.commands,
    "table": Scenarios.table,
    "table-writers": TableScenarios.writers,
    "names": TableScenarios.names,
    "planted-in-swift": Planted.inSwift,
    "planted-in-copies": Planted.inCopies,
    "planted-in-order": Planted.inOrder,
]

guard CommandLine.arguments.count == 2, let scenario = scenarios[CommandLine.arguments[1]] else { exit(2) }
do {
    try scenario()
} catch {
    print("failed: \(error)")
    exit(1)
}
