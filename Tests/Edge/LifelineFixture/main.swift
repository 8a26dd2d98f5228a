import Foundation
import Glibc
import Processes

// A program that stands for the gateway in tests that must own, or kill, the whole process:
//   LifelineFixture gateway SCRIPT...    starts a lifeline and `sh -c SCRIPT` for each, and tells what runs
//   LifelineFixture lifeline TOKEN       is the lifeline, as the gateway's own hidden command is
//   LifelineFixture cycles COUNT         starts and stops servers, and counts what is left
//   LifelineFixture exhaust              starts servers while descriptors run out

func shell(_ script: String) -> ServerCommand {
    ServerCommand(command: "sh", arguments: ["-c", script])
}

func say(_ line: String) {
    FileHandle.standardOutput.write(Data("\(line)\n".utf8))
}

func gateway(_ scripts: ArraySlice<String>) async throws {
    let lifeline = try await Lifeline.start()
    var servers: [ServerProcess] = []
    for script in scripts {
        servers.append(try await ServerProcess.start(shell(script), lifeline: lifeline, onExit: { _ in }))
    }
    say(
        "\(lifeline.token) \(lifeline.processID ?? 0) "
            + servers.map { "\($0.processID)" }.joined(separator: " "))
    while let line = readLine(), line != "stop" { say("\(lifeline.processID ?? 0)") }
    lifeline.stop()
}

func openDescriptors() -> Int {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd")) ?? []
    return names.count
}

func zombies() -> Int {
    let processes = ((try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []).compactMap {
        Int32($0)
    }
    return processes.count { process in
        let status = try? String(contentsOfFile: "/proc/\(process)/stat", encoding: .utf8)
        return status?.contains(") Z \(getpid()) ") ?? false
    }
}

func cycles(_ count: Int) async throws {
    let ends = Ends()
    func cycle(_ indices: StrideTo<Int>) async throws {
        for index in indices {
            let process = try await ServerProcess.start(
                shell("echo hello; echo talk >&2; cat"), onExit: { _ in Task { await ends.add() } })
            if index.isMultiple(of: 3) { process.kill() } else { process.terminate() }
            _ = await process.exited()
        }
    }
    try await cycle(stride(from: 0, to: 4, by: 1))
    for _ in 0..<250 where await ends.count < 4 { try await Task.sleep(for: .milliseconds(20)) }
    await ends.reset()
    let before = openDescriptors()
    try await withThrowingTaskGroup { group in
        for first in 0..<4 { group.addTask { try await cycle(stride(from: first, to: count, by: 4)) } }
        try await group.waitForAll()
    }
    for index in 0..<4 {
        _ = try? await ServerProcess.start(ServerCommand(command: "no-such-\(index)"), onExit: { _ in })
    }
    for _ in 0..<250 where openDescriptors() > before { try await Task.sleep(for: .milliseconds(20)) }
    say("\(before) \(openDescriptors()) \(zombies()) \(await ends.count)")
}

actor Ends {
    private(set) var count = 0
    func add() { count += 1 }
    func reset() { count = 0 }
}

func exhaust() async throws {
    _ = await (try ServerProcess.start(shell("exit 0"), onExit: { _ in })).exited()
    var taken: [Int32] = []
    while true {
        let descriptor = fcntl(STDIN_FILENO, F_DUPFD, 0)
        if descriptor < 0 { break }
        taken.append(descriptor)
    }
    var refused = 0
    while true {
        do throws(LaunchError) {
            _ = await (try await ServerProcess.start(shell("exit 0"), onExit: { _ in })).exited()
            break
        } catch {
            guard case .refused(_, errno: EMFILE) = error, let descriptor = taken.popLast() else { exit(3) }
            refused += 1
            close(descriptor)
        }
    }
    say("\(refused)\nstarted")
}

let arguments = CommandLine.arguments.dropFirst()
switch arguments.first {
case "lifeline": exit(Lifeline.guardMain(token: arguments.last ?? ""))
case "gateway": try await gateway(arguments.dropFirst())
case "cycles": try await cycles(Int(arguments.last ?? "") ?? 0)
case "exhaust": try await exhaust()
default: exit(2)
}
