import Synchronization

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Where log lines go: one file descriptor, shared by every `Log` of the process.
///
/// Lines are written at once by the caller under a mutex, but only while the descriptor takes them without
/// blocking (`poll`), at most `atomicBytes` at a time, which a pipe that polls as writable always has room
/// for. What does not go out waits in `pending`; lines beyond its bound are dropped, counted, and the count
/// is logged when the reader is back. So a stalled reader of standard error never stalls an event loop.
package final class LogSink: Sendable {
    package enum Destination: Sendable, Equatable {
        case standardError
        case file(String)
        case discard
    }

    package enum Failure: Error, Equatable {
        case cannotOpen(path: String, errno: Int32)
    }

    package let format: LogFormat
    private let destination: Destination
    private let minimum: Atomic<UInt8>
    private let state: Mutex<State>

    /// The most bytes that wait for a descriptor that does not take them.
    package static let pendingBytes = 256 * 1024
    /// POSIX `PIPE_BUF` on Linux: a pipe that polls as writable takes this much without blocking.
    private static let atomicBytes = 4096

    private struct State {
        var descriptor: Int32
        var pending: [UInt8] = []
        var dropped = 0
    }

    /// A sink that drops everything.
    package static let discarding = LogSink(descriptor: -1, destination: .discard, level: nil, format: .json)

    private init(descriptor: Int32, destination: Destination, level: LogLevel?, format: LogFormat) {
        self.destination = destination
        self.format = format
        minimum = Atomic(level?.rawValue ?? UInt8.max)
        state = Mutex(State(descriptor: descriptor))
    }

    package convenience init(destination: Destination, level: LogLevel, format: LogFormat) throws(Failure) {
        switch destination {
        case .standardError: self.init(descriptor: 2, destination: destination, level: level, format: format)
        case .discard: self.init(descriptor: -1, destination: destination, level: nil, format: format)
        case .file(let path):
            let descriptor = try Self.open(path)
            self.init(descriptor: descriptor, destination: destination, level: level, format: format)
        }
    }

    deinit {
        if case .file = destination { state.withLock { _ = close($0.descriptor) } }
    }

    package func isEnabled(_ level: LogLevel) -> Bool { level.rawValue >= minimum.load(ordering: .relaxed) }

    package func setLevel(_ level: LogLevel) {
        if destination != .discard { minimum.store(level.rawValue, ordering: .relaxed) }
    }

    /// The lines that were dropped and not reported yet.
    package var dropped: Int { state.withLock { $0.dropped } }

    /// Opens a log file anew, after it was rotated; the old one stays in use when that fails.
    package func reopen() throws(Failure) {
        guard case .file(let path) = destination else { return }
        let fresh = try Self.open(path)
        let old = state.withLock { state in
            defer { state.descriptor = fresh }
            return state.descriptor
        }
        _ = close(old)
    }

    /// Writes what waits, as far as the descriptor takes it.
    package func flush() { state.withLock { Self.drain(&$0) } }

    func write(_ line: [UInt8]) {
        guard destination != .discard else { return }
        state.withLock { state in
            Self.drain(&state)
            guard state.pending.count + line.count <= Self.pendingBytes else {
                state.dropped += 1
                return
            }
            if state.dropped > 0 {
                state.pending.append(contentsOf: LogLine.droppedNotice(state.dropped).rendered(format))
                state.dropped = 0
            }
            state.pending.append(contentsOf: line)
            Self.drain(&state)
        }
    }

    private static func drain(_ state: inout State) {
        var start = 0
        while start < state.pending.count, isWritable(state.descriptor) {
            let end = min(start + atomicBytes, state.pending.count)
            let written = write(state.descriptor, state.pending.span.extracting(start..<end))
            if written <= 0 { break }
            start += written
        }
        if start == state.pending.count {
            state.pending.removeAll(keepingCapacity: start <= 16 * atomicBytes)
        } else if start > 0 {
            state.pending.removeFirst(start)
        }
    }

    private static func isWritable(_ descriptor: Int32) -> Bool {
        var poll = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
        // Proof: `poll` is one pollfd that outlives the call.
        return unsafe Self.poll(&poll) > 0 && poll.revents & Int16(POLLOUT) != 0
    }

    private static func poll(_ entry: UnsafeMutablePointer<pollfd>) -> Int32 {
        #if canImport(Glibc)
            // Proof: the caller passes one valid entry.
            unsafe Glibc.poll(entry, 1, 0)
        #else
            // Proof: the caller passes one valid entry.
            unsafe Darwin.poll(entry, 1, 0)
        #endif
    }

    private static func write(_ descriptor: Int32, _ bytes: Span<UInt8>) -> Int {
        // Proof: the pointer and count are the span's, which outlives the call.
        unsafe bytes.withUnsafeBytes { buffer in
            #if canImport(Glibc)
                unsafe Glibc.write(descriptor, buffer.baseAddress, buffer.count)
            #else
                unsafe Darwin.write(descriptor, buffer.baseAddress, buffer.count)
            #endif
        }
    }

    private static func open(_ path: String) throws(Failure) -> Int32 {
        let flags = O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC
        #if canImport(Glibc)
            // Proof: the path is lent as a C string for the length of the call.
            let descriptor = unsafe Glibc.open(path, flags, 0o640)
        #else
            // Proof: the path is lent as a C string for the length of the call.
            let descriptor = unsafe Darwin.open(path, flags, 0o640)
        #endif
        guard descriptor >= 0 else { throw .cannotOpen(path: path, errno: errno) }
        return descriptor
    }
}
