import Foundation
import Sessions
import Synchronization
import Testing

@testable import Transports

@Suite(.timeLimit(.minutes(1)))
struct LineConnectionTests {
    private struct PipePair {
        let loops: EventLoops
        let connection: Confined<LineConnection>
        /// The ends that the peer has.
        let input: BlockingDescriptor
        let output: BlockingDescriptor

        func run(_ body: @escaping @Sendable (LineConnection) -> Void) {
            let box = connection
            loops[0].execute { body(box.value) }
        }
    }

    private static func connect(
        _ receiver: TestReceiver, limits: LineLimits = LineLimits(), _ body: (PipePair) async throws -> Void
    ) async throws {
        let loops = EventLoops(count: 1)
        let (inward, outward) = (Descriptors.pipe(), Descriptors.pipe())
        let connection = try await withCheckedThrowingContinuation { continuation in
            PipeConnection.connect(
                input: inward.read, output: outward.write, on: loops.all[0], limits: limits,
                receiver: receiver
            ) { result in continuation.resume(with: result.map { Confined($0) }) }
        }
        let pair = PipePair(
            loops: loops, connection: connection, input: BlockingDescriptor(number: inward.write),
            output: BlockingDescriptor(number: outward.read))
        try await body(pair)
        await loops.shutdown()
    }

    @Test("Lines go both ways through pipes, and the end of the peer's output closes the channel")
    func carriesLines() async throws {
        let receiver = TestReceiver()
        var limits = LineLimits()
        limits.maxLineBytes = 1000
        try await Self.connect(receiver, limits: limits) { pair in
            pair.run { connection in
                connection.write(Array("{\"a\":1}".utf8))
                connection.write([0x62])
            }
            let text = String(decoding: try pair.output.read(upTo: 100), as: UTF8.self)
            #expect(text == "{\"a\":1}\nb\n")
            try pair.input.write(Array("x\r\n\n{\"y\":".utf8))
            try pair.input.write(
                Array("2}\n".utf8) + [UInt8](repeating: 0x7A, count: 1001) + Array("\nlast\ncut off".utf8))
            Descriptors.close(pair.input.number)
            #expect(await receiver.all() == ["x", "{\"y\":2}", "oversized", "last", "closed"])
            let found1 = try pair.output.read(upTo: 1)
            #expect(found1 == [])
            pair.run { $0.write([0x63]) }
        }
    }

    @Test("A peer that does not read makes the channel unwritable, and writable again when it has read")
    func holdsWritersBack() async throws {
        let receiver = TestReceiver()
        var limits = LineLimits()
        limits.highWaterBytes = 64 * 1024
        try await Self.connect(receiver, limits: limits) { pair in
            let written = Mutex(0)
            let full = await withCheckedContinuation { continuation in
                pair.run { connection in
                    var count = 0
                    while connection.isWritable, count < 10_000 {
                        connection.write([UInt8](repeating: 0x61, count: 999))
                        count += 1
                    }
                    continuation.resume(returning: count)
                }
            }
            #expect(full < 10_000)
            written.withLock { $0 = full * 1000 }
            var read = 0
            while read < full * 1000 { read += try pair.output.read(upTo: 100_000).count }
            #expect(read == full * 1000)
            var words = receiver.words.makeAsyncIterator()
            #expect(await words.next() == "writable")
        }
    }

    @Test("A closed channel sends what was written before it closes")
    func closesAfterWriting() async throws {
        let receiver = TestReceiver()
        try await Self.connect(receiver) { pair in
            pair.run { connection in
                connection.write([UInt8](repeating: 0x61, count: 300_000))
                connection.close()
                connection.write([0x62])
            }
            var bytes: [UInt8] = []
            while true {
                let more = try pair.output.read(upTo: 65_536)
                if more.isEmpty { break }
                bytes += more
            }
            #expect(bytes.count == 300_001)
            #expect(await receiver.all().last == "closed")
        }
    }
}
