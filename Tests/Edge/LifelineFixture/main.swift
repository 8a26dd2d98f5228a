import Glibc
import Processes

// A program that stands for the gateway in the tests of the lifeline, since a test cannot kill itself:
//   LifelineFixture gateway COMMAND...   starts a lifeline and `sh -c COMMAND` for each, and prints what runs
//   LifelineFixture lifeline TOKEN       is the lifeline, as the gateway's own hidden command is

func gateway(_ commands: ArraySlice<String>) async throws {
    let lifeline = try await Lifeline.start()
    var servers: [ServerProcess] = []
    for command in commands {
        servers.append(
            try await ServerProcess.start(
                ServerCommand(command: "sh", arguments: ["-c", command]), lifeline: lifeline, onExit: { _ in }))
    }
    let numbers = servers.map { String($0.processID) }.joined(separator: " ")
    print("ready \(lifeline.token) \(lifeline.processID ?? 0) \(numbers)")
    fflush(nil)
    while let line = readLine() {
        if line == "lifeline" { print("lifeline \(lifeline.processID ?? 0)") }
        if line == "stop" { break }
        fflush(nil)
    }
    lifeline.stop()
}

switch CommandLine.arguments.dropFirst().first {
case "lifeline": exit(Lifeline.guardMain(token: CommandLine.arguments.last ?? ""))
case "gateway": try await gateway(CommandLine.arguments.dropFirst(2))
default: exit(2)
}
