import Foundation
import Processes
import Synchronization
import Testing

@Suite("A server's process", .timeLimit(.minutes(1)))
struct ServerProcessTests {
    let scratch: Scratch

    init() throws {
        scratch = try Scratch()
    }

    @Test("what is written to its input is read from its output, through unshared pipes")
    func echo() async throws {
        let peer = try await Peer(
            scratch.python("import sys\nfor line in sys.stdin: print(line.strip().upper(), flush=True)"))
        try peer.write("first\n")
        #expect(await peer.readLine() == "FIRST")
        try peer.write("second\n")
        #expect(await peer.readLine() == "SECOND")
        peer.closeInput()
        #expect(await peer.readToEnd() == "")
        #expect(await peer.process.exited() == .exited(code: 0))
    }

    @Test("its descriptors are handed out once")
    func takenOnce() async throws {
        let peer = try await Peer(.shell("cat"))
        #expect(peer.process.takeDescriptors() == nil)
        peer.closeInput()
        _ = await peer.process.exited()
    }

    @Test("descriptors that nobody took are closed by the stop, and the process sees the end of its input")
    func untaken() async throws {
        let process = try await ServerProcess.start(.shell("cat; exit 7"), onExit: { _ in })
        process.terminate(grace: StopGrace(afterInputClosed: .seconds(30), afterTerminate: .seconds(30)))
        #expect(await process.exited() == .exited(code: 7))
    }

    @Test("the output of a process that has already ended can still be read")
    func lateReader() async throws {
        let process = try await ServerProcess.start(.shell("echo done"), onExit: { _ in })
        #expect(await process.exited() == .exited(code: 0))
        let ends = try #require(process.takeDescriptors())
        let handle = FileHandle(fileDescriptor: ends.output, closeOnDealloc: true)
        #expect(try handle.readToEnd() == Data("done\n".utf8))
        try FileHandle(fileDescriptor: ends.input, closeOnDealloc: false).close()
    }

    @Test("its exit code is reported, once", arguments: [0, 1, 3, 255] as [Int32])
    func exitCode(_ code: Int32) async throws {
        let reports = Mutex<[ProcessExit]>([])
        let peer = try await Peer(
            .shell("exit \(code)"), onExit: { status in reports.withLock { $0.append(status) } })
        #expect(await peer.process.exited() == .exited(code: code))
        #expect(peer.process.exitStatus == .exited(code: code))
        peer.process.terminate()
        peer.process.kill()
        #expect(await Machine.eventually { reports.withLock { !$0.isEmpty } })
        try await Task.sleep(for: .milliseconds(50))
        #expect(reports.withLock { $0 } == [.exited(code: code)])
    }

    @Test("its death by a signal is reported as that signal", arguments: [SIGKILL, SIGSEGV, SIGTERM])
    func signal(_ signal: Int32) async throws {
        let peer = try await Peer(.shell("kill -\(signal) $$"))
        #expect(await peer.process.exited() == .signaled(signal: signal))
    }

    @Test("leads its own session and group and has no terminal")
    func session() async throws {
        let peer = try await Peer(.shell("echo up; cat"))
        _ = await peer.readLine()
        let id = peer.process.processID
        let found = try #require(Machine.session(id))
        #expect(found.group == id)
        #expect(found.session == id)
        #expect(found.terminal == 0)
    }

    @Test("starts with default signal dispositions and nothing blocked, whatever the gateway ignores")
    func signals() async throws {
        let peer = try await Peer(.shell("grep -E '^Sig(Blk|Ign)' /proc/self/status"))
        let text = await peer.readToEnd()
        for line in text.split(separator: "\n") {
            let mask = try #require(UInt64(line.split(separator: "\t")[1], radix: 16))
            // Signals 32 and 33 belong to the C library, which passes no disposition of theirs on.
            #expect(mask & 0x7FFF_FFFF == 0, "\(line)")
        }
    }

    @Test("gets the gateway's environment and its own on top")
    func environment() async throws {
        var command = ServerCommand.shell("env")
        command.environment = ["GREETING": "hello = world", "HOME": "/nowhere"]
        let lines = try await Peer(command).readToEnd().split(separator: "\n")
        #expect(lines.contains("GREETING=hello = world"))
        #expect(lines.contains("HOME=/nowhere"))
        let path = try #require(ProcessInfo.processInfo.environment["PATH"])
        #expect(lines.contains("PATH=\(path)"))
    }

    @Test("runs in the directory that it was given, with ~ for the home directory")
    func workingDirectory() async throws {
        try scratch.file("home/project/tool", "#!/bin/sh\npwd")
        var command = ServerCommand(command: "./tool", workingDirectory: "~/project")
        command.environment["HOME"] = "\(scratch.path)/home"
        #expect(try await Peer(command).readToEnd() == "\(scratch.path)/home/project\n")
        command = ServerCommand(command: "~/project/tool", environment: command.environment)
        let own = FileManager.default.currentDirectoryPath
        #expect(try await Peer(command).readToEnd() == "\(own)\n")
    }

    @Test("its arguments pass unchanged, since no shell reads them")
    func arguments() async throws {
        let texts = ["$HOME", "a b", "*", "", "'\"`;|&", "~", "\u{1F30D}\n"]
        let peer = try await Peer(
            ServerCommand(
                command: "python3", arguments: ["-c", "import sys; print(ascii(sys.argv[1:]))"] + texts))
        #expect(
            await peer.readToEnd()
                == #"['$HOME', 'a b', '*', '', '\'"`;|&', '~', '\U0001f30d\n']"# + "\n")
    }
}
