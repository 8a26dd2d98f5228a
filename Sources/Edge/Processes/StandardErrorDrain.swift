import Dispatch
import Glibc
import Synchronization

/// Reads a process's standard error for as long as it writes, and keeps its last lines.
///
/// Its own queue reads, so that a process never waits for the gateway here, whatever else is busy.
final class StandardErrorDrain: Sendable {
    /// What one turn reads at most: a full pipe.
    private static let chunkBytes = 65_536
    /// What is read after the process ended, when others may still hold the pipe's other end.
    private static let chunksAfterEnd = 4

    private let descriptor: Int32
    private let queue = DispatchQueue(label: "attune.processes.stderr")
    /// Nil once the stream ended or the drain was finished.
    private let source: Mutex<ReadSource?>
    private let tail = Mutex(StandardErrorTail())
    private let onLine: (@Sendable (String) -> Void)?

    var lines: [String] { tail.withLock { $0.lines } }

    /// - Parameter reading: the pipe's end; closed when the stream ended or `finish` was called.
    /// - Parameter onLine: called on the drain's queue for each complete line; while it runs nothing is read.
    init(_ reading: consuming OwnedDescriptor, onLine: (@Sendable (String) -> Void)?) {
        let descriptor = reading.release()
        _ = fcntl(descriptor, F_SETFL, fcntl(descriptor, F_GETFL) | O_NONBLOCK)
        self.descriptor = descriptor
        self.onLine = onLine
        let source = ReadSource(descriptor, queue: queue)
        self.source = Mutex(source)
        source.activate { [weak self] in _ = self?.readChunk() }
    }

    deinit {
        end()
    }

    /// Reads what is there and stops; returns when `lines` is final.
    func finish() async {
        await withCheckedContinuation { (continuation: CheckedContinuation<Void, Never>) in
            queue.async {
                for _ in 0..<Self.chunksAfterEnd where !self.readChunk() { break }
                self.end()
                continuation.resume()
            }
        }
    }

    private func end() {
        source.withLock { $0.take() }?.cancel()
    }

    /// Runs on the queue, as does the closing of the descriptor, which is therefore open here.
    ///
    /// - Returns: false when nothing more is there now.
    private func readChunk() -> Bool {
        guard source.withLock({ $0 != nil }) else { return false }
        var chunk = [UInt8](repeating: 0, count: Self.chunkBytes)
        // Proof: `read` writes at most the count that it is given, which is the array's.
        let count = unsafe chunk.withUnsafeMutableBytes { buffer in
            unsafe read(descriptor, buffer.baseAddress, buffer.count)
        }
        guard count > 0 else {
            if count == 0 || (errno != EAGAIN && errno != EINTR) { end() }
            return false
        }
        chunk.removeLast(chunk.count - count)
        let completed = tail.withLock { $0.append(chunk) }
        if let onLine { completed.forEach(onLine) }
        return true
    }
}
