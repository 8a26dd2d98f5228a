import Sessions
import Synchronization
import Transports

/// Hands what a line peer sends to a test, and answers as the test says.
final class TestReceiver: LineReceiver, Sendable {
    private let continuation: AsyncStream<String>.Continuation
    private let answering: @Sendable ([UInt8]) -> Void
    private let closesItself: Bool
    let words: AsyncStream<String>

    init(closesItself: Bool = false, answering: @escaping @Sendable ([UInt8]) -> Void = { _ in }) {
        (words, continuation) = AsyncStream.makeStream(of: String.self)
        self.answering = answering
        self.closesItself = closesItself
    }

    func received(_ line: [UInt8]) {
        continuation.yield(line.count > 100 ? "\(line.count) bytes" : String(decoding: line, as: UTF8.self))
        answering(line)
    }

    func skippedOversizedLine() { continuation.yield("oversized") }
    func becameWritable() { continuation.yield("writable") }

    func inputEnded() -> Bool {
        continuation.yield("input ended")
        answering([])
        return closesItself
    }

    func closed() {
        continuation.yield("closed")
        continuation.finish()
    }

    func all() async -> [String] {
        var all: [String] = []
        for await word in words { all.append(word) }
        return all
    }
}
