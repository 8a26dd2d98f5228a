import Foundation
import Synchronization
import TestSupport
import Testing

@testable import SharedMemory

@Suite("Descriptor server", .timeLimit(.minutes(1))) struct DescriptorServerTests {
    private static let token = Array(String(repeating: "0123456789abcdef", count: 4).utf8)

    /// Runs `body` with a server that answers every token with its text, the text of the file that came with
    /// it, and two files.
    private static func run(
        limits: DescriptorLimits = DescriptorLimits(),
        _ body: (_ path: String, _ directory: String) throws -> Void
    ) throws {
        try RawPeer.withDirectory { directory in
            let files = try ["first", "second"].map { try RawPeer.file($0, in: directory) }
            let path = "\(directory)/d.sock"
            let server = try DescriptorServer.start(path: path, limits: limits) { request in
                let text = request.descriptor.map { RawPeer.text(of: $0) } ?? "none"
                return DescriptorMessage(
                    bytes: request.token + Array(" \(text) \(request.processID)".utf8), descriptors: files)
            }
            defer { server.stop() }
            try body(path, directory)
        }
    }

    private static var answer: String { "\(String(decoding: token, as: UTF8.self)) none \(getpid())" }

    @Test("A token and a descriptor go over, an answer and its descriptors come back, closed on exec")
    func exchanges() throws {
        try Self.run { path, directory in
            let own = try RawPeer.file("own", in: directory)
            let message = try DescriptorClient.exchange(path: path, token: Self.token, descriptor: own)
            #expect(
                String(decoding: message.bytes, as: UTF8.self)
                    == "\(String(decoding: Self.token, as: UTF8.self)) own \(getpid())")
            #expect(message.descriptors.map { RawPeer.text(of: $0) } == ["first", "second"])
            for descriptor in message.descriptors {
                #expect(fcntl(descriptor.rawValue, F_GETFD) == FD_CLOEXEC)
            }
            let plain = try DescriptorClient.exchange(path: path, token: Self.token, descriptor: nil)
            #expect(String(decoding: plain.bytes, as: UTF8.self) == Self.answer)
        }
    }

    @Test("A token may come in pieces, and many clients at once are all answered")
    func gathers() throws {
        try Self.run { path, _ in
            let sockets = try (0..<12).map { _ in try RawPeer.connect(path) }
            for byte in Self.token { for socket in sockets { try RawPeer.send([byte], to: socket) } }
            for socket in sockets {
                let answer = RawPeer.rest(of: socket)
                #expect(String(decoding: answer.bytes.dropFirst(4), as: UTF8.self) == Self.answer)
                #expect(answer.descriptors.count == 2)
            }
        }
    }

    @Test("Clients that send nothing are closed after a while, and do not keep others from being served")
    func outlastsSilence() throws {
        var limits = DescriptorLimits()
        limits.maxConnections = 4
        limits.connectionMilliseconds = 300
        try Self.run(limits: limits) { path, _ in
            let silent = try (0..<8).map { _ in try RawPeer.connect(path) }
            let message = try DescriptorClient.exchange(path: path, token: Self.token, descriptor: nil)
            #expect(String(decoding: message.bytes, as: UTF8.self) == Self.answer)
            for socket in silent { #expect(RawPeer.rest(of: socket).bytes.isEmpty) }
        }
    }

    enum Garbage: CaseIterable {
        case longer, twoDescriptors, lateSecondDescriptor, manyDescriptors, nothing
    }

    @Test(
        "What is not one token with at most one descriptor gets no answer and leaves nothing open",
        arguments: Garbage.allCases)
    func refuses(_ garbage: Garbage) throws {
        try Self.run { path, directory in
            let file = try RawPeer.file("x", in: directory)
            let before = RawPeer.openFiles(in: directory)
            for _ in 0..<20 {
                let socket = try RawPeer.connect(path)
                switch garbage {
                case .longer: try RawPeer.send(Self.token + [0], [file], to: socket)
                case .twoDescriptors: try RawPeer.send(Self.token, [file, file], to: socket)
                case .lateSecondDescriptor:
                    try RawPeer.send(Array(Self.token[..<10]), [file], to: socket)
                    try RawPeer.send(Array(Self.token[10...]), [file], to: socket)
                case .manyDescriptors:
                    try RawPeer.send(Self.token, Array(repeating: file, count: 16), to: socket)
                case .nothing: shutdown(socket.rawValue, Int32(SHUT_WR))
                }
                let answer = RawPeer.rest(of: socket)
                #expect(answer.bytes.isEmpty)
                #expect(answer.descriptors.isEmpty)
            }
            try Self.expectOpenFiles(before, path, directory)
        }
    }

    /// Compares after a further answer, when the server is done with what came before.
    private static func expectOpenFiles(_ count: Int, _ path: String, _ directory: String) throws {
        let message = try DescriptorClient.exchange(path: path, token: token, descriptor: nil)
        #expect(String(decoding: message.bytes, as: UTF8.self) == answer)
        #expect(RawPeer.openFiles(in: directory) == count + message.descriptors.count)
    }

    @Test("Random pieces of bytes and descriptors neither stop the server nor leave anything open")
    func withstandsNoise() throws {
        let seed = UInt64.random(in: .min ... .max)
        print("seed \(seed)")
        var random = SeededGenerator(seed: seed)
        try Self.run { path, directory in
            let file = try RawPeer.file("x", in: directory)
            let before = RawPeer.openFiles(in: directory)
            for _ in 0..<200 {
                let socket = try RawPeer.connect(path)
                for _ in 0..<Int.random(in: 1...4, using: &random) {
                    let bytes = random.bytes(Int.random(in: 1...80, using: &random))
                    let count = random.chance(70) ? 0 : Int.random(in: 0...16, using: &random)
                    try? RawPeer.send(bytes, Array(repeating: file, count: count), to: socket)
                }
                if random.chance(50) { shutdown(socket.rawValue, Int32(SHUT_WR)) }
            }
            try Self.expectOpenFiles(before, path, directory)
        }
    }

    @Test("Only the owner can connect; a dead socket is replaced, one in use and another file are not")
    func takesItsPlace() throws {
        try Self.run { path, directory in
            let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
            #expect(mode == 0o600)
            let answer: @Sendable (DescriptorRequest) -> DescriptorMessage = { _ in
                DescriptorMessage(bytes: [])
            }
            #expect(throws: DescriptorFault.inUse(path: path)) {
                try DescriptorServer.start(path: path, answer: answer)
            }
            let other = "\(directory)/other.sock"
            try Self.leaveDeadSocket(other)
            let second = try DescriptorServer.start(path: other, answer: answer)
            second.stop()
            #expect(!FileManager.default.fileExists(atPath: other))
            try Data().write(to: URL(filePath: other))
            #expect(throws: DescriptorFault.notASocket(path: other)) {
                try DescriptorServer.start(path: other, answer: answer)
            }
            #expect(throws: DescriptorFault.system(.connect, errno: ECONNREFUSED)) {
                try DescriptorClient.exchange(path: other, token: Self.token, descriptor: nil)
            }
        }
    }

    @Test(
        "A process of another user is closed on before it is heard",
        .enabled(if: geteuid() == 0, "only root can start a process of another user"))
    func refusesOtherUsers() throws {
        try Self.run { path, directory in
            let files = FileManager.default
            try files.setAttributes([.posixPermissions: 0o755], ofItemAtPath: directory)
            try files.setAttributes([.posixPermissions: 0o666], ofItemAtPath: path)
            let script = """
                import os, socket, sys
                os.setgid(65534)
                os.setuid(65534)
                s = socket.socket(socket.AF_UNIX)
                s.connect(sys.argv[1])
                try:
                    s.sendall(b"0" * 64)
                    print(len(s.recv(100)))
                except ConnectionError:
                    print(0)
                """
            let heard = try Self.python(script, path)
            #expect(heard == "0\n")
            let own = try DescriptorClient.exchange(path: path, token: Self.token, descriptor: nil)
            #expect(own.descriptors.count == 2)
        }
    }

    @Test("More descriptors than the kernel has room to hand on get no answer and leave nothing open")
    func refusesACutList() throws {
        try Self.run { path, directory in
            let before = RawPeer.openFiles(in: directory)
            let script = """
                import socket, sys
                with open(sys.argv[1] + "/many", "w") as file, socket.socket(socket.AF_UNIX) as s:
                    s.connect(sys.argv[1] + "/d.sock")
                    socket.send_fds(s, [b"0" * 64], [file.fileno()] * 200)
                    try:
                        print(len(s.recv(100)))
                    except ConnectionError:
                        print(0)
                """
            let heard = try Self.python(script, directory)
            #expect(heard == "0\n")
            try Self.expectOpenFiles(before, "\(directory)/d.sock", directory)
        }
    }

    /// Leaves a socket as a killed process does.
    private static func leaveDeadSocket(_ path: String) throws {
        _ = try python("import socket, sys; socket.socket(socket.AF_UNIX).bind(sys.argv[1])", path)
    }

    private static func python(_ script: String, _ argument: String) throws -> String {
        let process = Process()
        let output = Pipe()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = ["python3", "-c", script, argument]
        process.standardOutput = output
        try process.run()
        let bytes = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return String(decoding: bytes, as: UTF8.self)
    }
}
