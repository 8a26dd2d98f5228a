import Processes
import Testing

@Suite("A server that cannot be started", .timeLimit(.minutes(1)))
struct LaunchErrorTests {
    let scratch: Scratch

    init() throws {
        scratch = try Scratch()
    }

    private func failure(of command: ServerCommand) async -> LaunchError? {
        do {
            _ = try await ServerProcess.start(command, onExit: { _ in Issue.record("nothing ran") })
            return nil
        } catch {
            return error
        }
    }

    @Test("an unknown command names the search path that was looked through")
    func unknown() async {
        let command = ServerCommand(command: "no-such-server", environment: ["PATH": "/usr/bin:/bin"])
        let error = await failure(of: command)
        #expect(error == .commandNotFound(command: "no-such-server", searchPath: "/usr/bin:/bin"))
        #expect(error?.description.contains("PATH=/usr/bin:/bin") == true)
    }

    @Test("a path that leads nowhere is a command that was not found")
    func nowhere() async {
        let path = "\(scratch.path)/missing"
        #expect(
            await failure(of: ServerCommand(command: path))
                == .commandNotFound(command: path, searchPath: nil))
    }

    @Test("a file without the permission and a directory are not executable")
    func notExecutable() async throws {
        let file = try scratch.file("bin/tool", "#!/bin/sh\n", mode: 0o644)
        #expect(await failure(of: ServerCommand(command: file)) == .notExecutable(path: file))
        #expect(await failure(of: ServerCommand(command: scratch.path)) == .notExecutable(path: scratch.path))
        let named = ServerCommand(command: "tool", environment: ["PATH": "\(scratch.path)/bin:/bin"])
        #expect(await failure(of: named) == .notExecutable(path: file))
    }

    @Test("a script whose interpreter is missing says so")
    func interpreter() async throws {
        let file = try scratch.file("tool", "#!/no/such/interpreter\n")
        #expect(await failure(of: ServerCommand(command: file)) == .interpreterNotFound(path: file))
    }

    @Test("a script without a first line is refused, not handed to a shell")
    func noShell() async throws {
        let file = try scratch.file("tool", "exit 0\n")
        #expect(await failure(of: ServerCommand(command: file)) == .refused(path: file, errno: 8))
    }

    @Test("a missing working directory is named")
    func workingDirectory() async throws {
        let path = "\(scratch.path)/missing"
        let command = ServerCommand(command: "true", workingDirectory: path)
        #expect(await failure(of: command) == .workingDirectoryMissing(path: path))
        let file = try scratch.file("file", "")
        let inFile = ServerCommand(command: "true", workingDirectory: file)
        #expect(await failure(of: inFile) == .workingDirectoryMissing(path: file))
    }

    @Test("texts that no process can take are refused with their place")
    func texts() async {
        #expect(await failure(of: ServerCommand(command: "")) == .invalidText(field: .command))
        let argument = ServerCommand(command: "true", arguments: ["a", "b\0c"])
        #expect(await failure(of: argument) == .invalidText(field: .argument(index: 1)))
        for name in ["", "A=B", "1A"] {
            let command = ServerCommand(command: "true", environment: [name: "x"])
            #expect(await failure(of: command) == .invalidText(field: .environment(name: name)))
        }
    }

    @Test("relative entries of the search path do not let the working directory choose the program")
    func relativeSearchPath() async throws {
        try scratch.file("bin/tool", "#!/bin/sh\n")
        let command = ServerCommand(
            command: "tool", environment: ["PATH": "bin::."], workingDirectory: scratch.path)
        #expect(await failure(of: command) == .commandNotFound(command: "tool", searchPath: "bin::."))
    }
}
