import CSharedMemory
import Glibc

/// Answers on a Unix socket whoever brings a token, with bytes and file descriptors.
///
/// It works with blocking system calls on a thread of its own, since NIO drops descriptors. The socket has
/// mode 0600, and a process of another user is closed on.
///
/// | direction | bytes |
/// |---|---|
/// | client, once | a token of 64 bytes; with it the descriptor of its segment, if it has one (SCM_RIGHTS) |
/// | server, once | the count of bytes that follow (u32, little-endian), then these, and the descriptors |
///
/// Then the server closes.
package final class DescriptorServer: Sendable {
    private static let backlog: Int32 = 16

    package let path: String
    private let wake: SharedDescriptor
    private let thread: pthread_t

    /// Listens and starts the thread; a socket that nobody answers on is replaced.
    ///
    /// - Parameters:
    ///   - path: in a directory that is there, and that only this user can write to.
    ///   - answer: called on the thread with each token; it may take locks, but not long.
    package static func start(
        path: String, limits: DescriptorLimits = DescriptorLimits(),
        answer: @escaping @Sendable (DescriptorRequest) -> DescriptorMessage
    ) throws(DescriptorFault) -> DescriptorServer {
        try clear(path)
        let number = unsafe cshared_listen(path, backlog)
        guard number >= 0 else { throw .system(.listen, errno: -number) }
        let listener = SharedDescriptor(taking: number)
        do throws(DescriptorFault) {
            let wakeNumber = cshared_create_wake()
            guard wakeNumber >= 0 else { throw .system(.startThread, errno: -wakeNumber) }
            let wake = SharedDescriptor(taking: wakeNumber)
            let loop = DescriptorLoop(listener: listener, wake: wake, limits: limits, answer: answer)
            return DescriptorServer(path, wake, try run(loop))
        } catch {
            _ = unsafe unlink(path)
            throw error
        }
    }

    private init(_ path: String, _ wake: SharedDescriptor, _ thread: pthread_t) {
        self.path = path
        self.wake = wake
        self.thread = thread
    }

    /// Ends the thread and removes the socket; connections under way are closed. Waits for an answer that is
    /// being made, so it is not to be called from one. Called once.
    package func stop() {
        // While it still answers: later the path may be a successor's.
        _ = unsafe unlink(path)
        _ = cshared_wake(wake.rawValue)
        _ = pthread_join(thread, nil)
    }

    private static func run(_ loop: DescriptorLoop) throws(DescriptorFault) -> pthread_t {
        var thread = pthread_t()
        let held = unsafe Unmanaged.passRetained(loop)
        let result = unsafe pthread_create(
            &thread, nil,
            { argument in
                guard let argument = unsafe argument else { return nil }
                unsafe Unmanaged<DescriptorLoop>.fromOpaque(argument).takeRetainedValue().run()
                return nil
            }, held.toOpaque())
        guard result == 0 else {
            unsafe held.release()
            throw .system(.startThread, errno: result)
        }
        return thread
    }

    /// Removes a socket that refuses connections: its process is gone.
    private static func clear(_ path: String) throws(DescriptorFault) {
        var status = stat()
        guard unsafe lstat(path, &status) == 0 else { return }
        guard status.st_mode & S_IFMT == S_IFSOCK else { throw .notASocket(path: path) }
        let number = unsafe cshared_connect(path, 100)
        if number >= 0 {
            close(number)
            throw .inUse(path: path)
        }
        guard number == -ECONNREFUSED else { throw .inUse(path: path) }
        _ = unsafe unlink(path)
    }
}
