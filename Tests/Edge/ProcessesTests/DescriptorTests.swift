import Foundation
import Processes
import Testing

@Suite("Descriptors", .timeLimit(.minutes(2)))
struct DescriptorTests {
    @Test("no child holds another child's pipes, or anything else of the gateway")
    func noLeaks() async throws {
        let file = try #require(FileHandle(forReadingAtPath: "/dev/zero"))
        defer { try? file.close() }
        var peers: [Peer] = []
        // Not a program that is started after the word, whose loader may just have a library open.
        for _ in 0..<8 { peers.append(try await Peer(.shell("echo up; read end; exit 0"))) }
        for peer in peers { _ = await peer.readLine() }
        var streams: Set<String> = []
        for peer in peers {
            let open = Machine.descriptors(peer.process.processID)
            #expect(Set(open.keys) == [0, 1, 2])
            #expect(open.values.allSatisfy { $0.hasPrefix("pipe:") })
            streams.formUnion(open.values)
        }
        #expect(streams.count == 8 * 3)
        for peer in peers {
            peer.closeInput()
            #expect(await peer.process.exited() == .exited(code: 0))
        }
    }

    @Test("200 quick starts and stops leave no descriptor, no process and no zombie behind")
    func manyStarts() async throws {
        let fixture = try await Peer(Fixture.command("cycles", "200"))
        let report = await fixture.readToEnd().split(whereSeparator: \.isWhitespace).compactMap { Int($0) }
        try #require(report.count == 4)
        #expect(report[0] == report[1], "descriptors before and after")
        #expect(report[2] == 0, "zombies")
        #expect(report[3] == 200, "ends reported")
    }

    @Test("without descriptors to spare a start is refused, and the gateway goes on")
    func exhausted() async throws {
        let fixture = try Fixture.command("exhaust")
        let limited = ServerCommand(
            command: "sh", arguments: ["-c", "ulimit -n 64; exec \"$0\" exhaust", fixture.command])
        let peer = try await Peer(limited)
        let refused = try #require(Int(await peer.readLine()))
        #expect(refused > 5)
        #expect(await peer.readLine() == "started")
        #expect(await peer.process.exited() == .exited(code: 0))
    }
}
