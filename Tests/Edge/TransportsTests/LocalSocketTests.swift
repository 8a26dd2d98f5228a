import Foundation
import Sessions
import Synchronization
import Testing

@testable import Transports

/// A line front that echoes each line at `/mcp` and knows no other path.
private final class EchoFront: LineFront {
    private let paths: Confined<[String]>

    init(_ paths: Confined<[String]>) { self.paths = paths }

    func connected(_ channel: any LineChannel, path: String) -> (any LineReceiver)? {
        paths.value.append(path)
        guard path == "/mcp" else { return nil }
        let box = Confined(channel)
        return TestReceiver(closesItself: true) { line in
            if line.isEmpty { box.value.close() } else { box.value.write(line) }
        }
    }
}

@Suite(.timeLimit(.minutes(1)))
struct LocalSocketTests {
    private static func run(
        _ body: (LocalSocketListener, Confined<[String]>, EventLoops) async throws -> Void
    ) async throws {
        try await TemporaryDirectory.run { directory in
            let loops = EventLoops(count: 1)
            let paths = Confined<[String]>([])
            let listener = try await LocalSocketListener.bind(
                path: "\(directory)/run/gateway.sock", on: loops
            ) { _ in
                EchoFront(paths)
            }
            try await body(listener, paths, loops)
            await listener.close()
            await loops.shutdown()
        }
    }

    private static func talk(_ path: String, _ text: String) throws -> String {
        let socket = try LocalSocket.connect(path)
        defer { LocalSocket.close(socket) }
        try socket.write(Array(text.utf8))
        LocalSocket.endOutput(socket)
        var answer: [UInt8] = []
        while true {
            let bytes = try socket.read(upTo: 1000)
            if bytes.isEmpty { return String(decoding: answer, as: UTF8.self) }
            answer += bytes
        }
    }

    @Test("A client says its path first, and gets its answers after it has ended its input")
    func greets() async throws {
        try await Self.run { listener, paths, _ in
            let found1 = try Self.talk(listener.path, "attune/1 /mcp\na\nb\n")
            #expect(found1 == "a\nb\n")
            #expect(paths.value == ["/mcp"])
        }
    }

    @Test(
        "A client that says something else is closed",
        arguments: ["GET / HTTP/1.1\r\n\r\n", "attune/2 /mcp\na\n", "attune/1 /no\na\n", "\n\nattune/1\n"])
    func refuses(_ text: String) async throws {
        try await Self.run { listener, _, _ in
            let found2 = try Self.talk(listener.path, text)
            #expect(found2 == "")
        }
    }

    @Test("Only the owner can reach the socket, and it goes with the listener")
    func hasModes() async throws {
        try await Self.run { listener, _, _ in
            func mode(_ path: String) throws -> Int? {
                try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
            }
            let found3 = try mode(listener.path)
            #expect(found3 == 0o600)
            let found4 = try mode((listener.path as NSString).deletingLastPathComponent)
            #expect(found4 == 0o700)
            await listener.close()
            #expect(!FileManager.default.fileExists(atPath: listener.path))
        }
    }

    @Test("A socket that nobody answers on is replaced, one in use and other files are not")
    func replacesStaleSockets() async throws {
        try await Self.run { listener, paths, loops in
            await #expect(throws: LocalSocketFailure.inUse(listener.path)) {
                try await LocalSocketListener.bind(path: listener.path, on: loops) { _ in EchoFront(paths) }
            }
            let stale = listener.path + "2"
            let file = listener.path + "3"
            try Self.leaveStaleSocket(stale)
            let second = try await LocalSocketListener.bind(path: stale, on: loops) { _ in EchoFront(paths) }
            let found5 = try Self.talk(stale, "attune/1 /mcp\nc\n")
            #expect(found5 == "c\n")
            await second.close()
            try Data().write(to: URL(fileURLWithPath: file))
            await #expect(throws: LocalSocketFailure.notASocket(file)) {
                try await LocalSocketListener.bind(path: file, on: loops) { _ in EchoFront(paths) }
            }
            let long = "/tmp/\(String(repeating: "a", count: 110))"
            await #expect(throws: LocalSocketFailure.pathTooLong(long, bytes: 115)) {
                try await LocalSocketListener.bind(path: long, on: loops) { _ in EchoFront(paths) }
            }
        }
    }

    /// Leaves a socket as a killed process does.
    private static func leaveStaleSocket(_ path: String) throws {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = [
            "python3", "-c", "import socket,sys; s=socket.socket(socket.AF_UNIX); s.bind(sys.argv[1])", path,
        ]
        try process.run()
        process.waitUntilExit()
    }

    @Test(
        "The relay carries standard streams to the socket and back, and ends after the last answer",
        arguments: ["pipe", "file", "null"])
    func relays(_ kind: String) async throws {
        try await Self.run { listener, paths, _ in
            let directory = (listener.path as NSString).deletingLastPathComponent
            let lines = kind == "null" ? "" : (0..<2000).map { "{\"n\":\($0)}\n" }.joined()
            let input: CInt
            switch kind {
            case "null": input = Descriptors.open("/dev/null", O_RDONLY)
            case "file":
                try Data(lines.utf8).write(to: URL(fileURLWithPath: "\(directory)/in"))
                input = Descriptors.open("\(directory)/in", O_RDONLY)
            default:
                let pipe = Descriptors.pipe()
                input = pipe.read
                Thread.detachNewThread {
                    try? BlockingDescriptor(number: pipe.write).write(Array(lines.utf8))
                    Descriptors.close(pipe.write)
                }
            }
            let output = Descriptors.open("\(directory)/out", O_WRONLY | O_CREAT)
            try await StandardStreamRelay.run(
                socketPath: listener.path, endpoint: "/mcp", input: input, output: output)
            let found6 = try String(contentsOfFile: "\(directory)/out", encoding: .utf8)
            #expect(found6 == lines)
            #expect(paths.value == ["/mcp"])
        }
    }

    @Test("Without a gateway the relay says so, and a gateway that closes ends it")
    func relayFails() async throws {
        try await Self.run { listener, _, _ in
            await #expect(throws: StandardStreamRelay.Failure.noGateway(path: "/nowhere", errno: ENOENT)) {
                try await StandardStreamRelay.run(socketPath: "/nowhere", endpoint: "/mcp")
            }
            let input = Descriptors.pipe()
            let output = Descriptors.open("/dev/null", O_WRONLY)
            await #expect(throws: StandardStreamRelay.Failure.gatewayClosed) {
                try await StandardStreamRelay.run(
                    socketPath: listener.path, endpoint: "/unknown", input: input.read, output: output)
            }
            Descriptors.close(input.write)
        }
    }
}
