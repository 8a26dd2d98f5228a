import Foundation
import Sessions
import Synchronization
import Testing

@testable import Transports

@Suite(.timeLimit(.minutes(1)))
struct StandardStreamTests {
    /// Serves an echo over two descriptors until the channel ends.
    private static func echo(
        _ input: CInt, _ output: CInt, limits: LineLimits = LineLimits()
    ) async -> [String] {
        let loops = EventLoops(count: 1)
        let channel = Confined<StandardStreamChannel?>(nil)
        let receiver = TestReceiver(closesItself: true) { line in
            if line.isEmpty { channel.value?.close() } else { channel.value?.write(line) }
        }
        await withCheckedContinuation { continuation in
            loops[0].execute {
                channel.value = StandardStreamChannel(
                    on: loops.all[0], limits: limits, input: input, output: output
                ) { _ in receiver }
                continuation.resume()
            }
        }
        await channel.value?.untilClosed()
        let words = await receiver.all()
        channel.value = nil
        await loops.shutdown()
        return words
    }

    private static let lines = (0..<3000).map { "{\"n\":\($0)}" }
    private static let text = lines.joined(separator: "\n")

    @Test("Pipes carry all lines both ways, the last one without a newline too")
    func servesPipes() async throws {
        let (inward, outward) = (Descriptors.pipe(), Descriptors.pipe())
        let answers = LockedBytes()
        let isRead = DispatchSemaphore(value: 0)
        Thread.detachNewThread {
            try? BlockingDescriptor(number: inward.write).write(Array(Self.text.utf8))
            Descriptors.close(inward.write)
        }
        Thread.detachNewThread {
            while let bytes = try? BlockingDescriptor(number: outward.read).read(upTo: 1000), !bytes.isEmpty {
                answers.append(bytes)
            }
            isRead.signal()
        }
        let words = await Self.echo(inward.read, outward.write)
        Descriptors.close(outward.write)
        await withCheckedContinuation { continuation in
            DispatchQueue(label: "wait").async {
                isRead.wait()
                continuation.resume()
            }
        }
        #expect(words == Self.lines + ["input ended", "closed"])
        #expect(answers.text == Self.text + "\n")
    }

    @Test("Regular files work")
    func servesFiles() async throws {
        try await TemporaryDirectory.run { directory in
            try Data(Self.text.utf8).write(to: URL(fileURLWithPath: "\(directory)/in"))
            let input = Descriptors.open("\(directory)/in", O_RDONLY)
            let output = Descriptors.open("\(directory)/out", O_WRONLY | O_CREAT)
            #expect(await Self.echo(input, output) == Self.lines + ["input ended", "closed"])
            let found1 = try String(contentsOfFile: "\(directory)/out", encoding: .utf8)
            #expect(found1 == Self.text + "\n")
        }
    }

    @Test("The null device works")
    func servesNull() async {
        let null = Descriptors.open("/dev/null", O_RDWR)
        #expect(await Self.echo(null, null) == ["input ended", "closed"])
    }

    @Test("A terminal works and keeps its flags, and its end is the end of the input")
    func servesTerminals() async throws {
        let terminal = try #require(Descriptors.terminal())
        let flags = Descriptors.flags(terminal.slave)
        let answers = LockedBytes()
        Thread.detachNewThread {
            let master = BlockingDescriptor(number: terminal.master)
            try? master.write(Array("{\"a\":1}\n{\"b\":2}\n".utf8))
            while !answers.text.hasSuffix("{\"b\":2}\n"), let bytes = try? master.read(upTo: 100),
                !bytes.isEmpty
            {
                answers.append(bytes)
            }
            Descriptors.close(terminal.master)
        }
        let words = await Self.echo(terminal.slave, terminal.slave)
        #expect(words == ["{\"a\":1}", "{\"b\":2}", "input ended", "closed"])
        #expect(answers.text == "{\"a\":1}\n{\"b\":2}\n")
        #expect(Descriptors.flags(terminal.slave) == flags)
        #expect(flags & O_NONBLOCK == 0)
    }

    @Test("A descriptor that somebody made non-blocking is waited for")
    func waitsForNonBlocking() async throws {
        let pipe = Descriptors.pipe()
        _ = fcntl(pipe.read, F_SETFL, O_NONBLOCK)
        Thread.detachNewThread {
            usleep(20_000)
            try? BlockingDescriptor(number: pipe.write).write([0x61])
            Descriptors.close(pipe.write)
        }
        let found2 = try BlockingDescriptor(number: pipe.read).read(upTo: 10)
        #expect(found2 == [0x61])
        let found3 = try BlockingDescriptor(number: pipe.read).read(upTo: 10)
        #expect(found3 == [])
    }

    @Test("A reader that does not read makes the channel unwritable, and a broken output closes it")
    func holdsWritersBack() async throws {
        let (inward, outward) = (Descriptors.pipe(), Descriptors.pipe())
        let loops = EventLoops(count: 1)
        let receiver = TestReceiver(closesItself: true)
        var limits = LineLimits()
        limits.highWaterBytes = 100_000
        let limit = limits
        let count: Int = await withCheckedContinuation { continuation in
            loops[0].execute {
                let channel = StandardStreamChannel(
                    on: loops.all[0], limits: limit, input: inward.read, output: outward.write
                ) { _ in receiver }
                var count = 0
                while channel.isWritable, count < 100_000 {
                    channel.write([UInt8](repeating: 0x61, count: 999))
                    count += 1
                }
                continuation.resume(returning: count)
            }
        }
        #expect(count < 100_000)
        var read = 0
        while read < count * 1000 {
            read += try BlockingDescriptor(number: outward.read).read(upTo: 65_536).count
        }
        var words = receiver.words.makeAsyncIterator()
        #expect(await words.next() == "writable")
        await loops.shutdown()
    }
}
