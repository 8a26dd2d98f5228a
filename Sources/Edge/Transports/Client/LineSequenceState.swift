import NIOCore
import NIOHTTP1

/// Cuts the body of an answer into lines for `HTTPFetch`, which asks for them one at a time.
actor LineSequenceState {
    private let parts: AsyncThrowingStream<HTTPClientResponsePart, any Error>
    private var framer: LineFramer
    private var lines: [[UInt8]] = []
    private var next = 0

    init(_ parts: AsyncThrowingStream<HTTPClientResponsePart, any Error>, maxLineBytes: Int) {
        self.parts = parts
        framer = LineFramer(maxLineBytes: maxLineBytes)
    }

    /// - Returns: nil at the end of the answer.
    func next() async throws -> [UInt8]? {
        while next == lines.count {
            lines = []
            next = 0
            var iterator = parts.makeAsyncIterator()
            guard let part = try await iterator.next(isolation: self) else { return nil }
            guard case .body(let bytes) = part else { continue }
            var isOversized = false
            framer.take(bytes.readableBytesUInt8Span) { output in
                switch output {
                case .line(let line): lines.append(line)
                case .oversized: isOversized = true
                }
            }
            if isOversized { throw HTTPFetch.Failure.tooLarge(bytes: bytes.readableBytes) }
        }
        next += 1
        return lines[next - 1]
    }
}
