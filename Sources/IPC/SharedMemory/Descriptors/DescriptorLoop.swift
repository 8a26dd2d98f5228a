import CSharedMemory
import Glibc

/// Serves a descriptor socket on one thread: waits in `poll` for all connections at once, so that none can
/// hold up another.
final class DescriptorLoop {
    typealias Answer = @Sendable (DescriptorRequest) -> DescriptorMessage

    /// How long no connection is accepted after the system refused one, for want of descriptors say.
    private static let acceptPauseNanoseconds: UInt64 = 100_000_000

    private let listener: SharedDescriptor
    /// Readable once the loop is to end.
    private let wake: SharedDescriptor
    private let limits: DescriptorLimits
    private let answer: Answer
    private var connections: [DescriptorConnection] = []
    private var acceptsFrom: UInt64 = 0

    init(
        listener: SharedDescriptor, wake: SharedDescriptor, limits: DescriptorLimits, answer: @escaping Answer
    ) {
        self.listener = listener
        self.wake = wake
        self.limits = limits
        self.answer = answer
    }

    /// Returns when it is woken.
    func run() {
        while true {
            let now = cshared_monotonic_now()
            connections.removeAll { $0.deadline <= now }
            let accepts = connections.count < limits.maxConnections && now >= acceptsFrom
            var entries = [pollfd(fd: wake.rawValue, events: Int16(POLLIN), revents: 0)]
            entries.append(pollfd(fd: accepts ? listener.rawValue : -1, events: Int16(POLLIN), revents: 0))
            entries += connections.map { pollfd(fd: $0.socket.rawValue, events: $0.events, revents: 0) }
            let found = unsafe poll(&entries, nfds_t(entries.count), wait(from: now, accepts))
            guard found >= 0 || errno == EINTR else { return }
            guard entries[0].revents == 0 else { return }
            // The accepted ones come behind those that were polled.
            let polled = connections.count
            if found > 0, entries[1].revents != 0 { accept(at: cshared_monotonic_now()) }
            for index in (0..<polled).reversed() where entries[index + 2].revents != 0 { advance(index) }
        }
    }

    /// Milliseconds until something is due, or -1.
    private func wait(from now: UInt64, _ accepts: Bool) -> Int32 {
        var due = connections.map(\.deadline).min()
        if !accepts, acceptsFrom > now { due = min(due ?? .max, acceptsFrom) }
        guard let due else { return -1 }
        return Int32(clamping: (max(due, now) - now) / 1_000_000 + 1)
    }

    private func accept(at now: UInt64) {
        let number = cshared_accept(listener.rawValue)
        guard number >= 0 else {
            if number != -EAGAIN { acceptsFrom = now + Self.acceptPauseNanoseconds }
            return
        }
        let socket = SharedDescriptor(taking: number)
        // Another user's process is closed on without a word.
        guard let processID = try? DescriptorPipe.peer(of: socket) else { return }
        let deadline = now + limits.connectionMilliseconds * 1_000_000
        connections.append(DescriptorConnection(socket, processID: processID, deadline: deadline))
    }

    /// Goes on with a connection, which is closed when it is done or did what it may not.
    private func advance(_ index: Int) {
        do throws(DescriptorFault) {
            switch try connections[index].advance() {
            case .waiting: break
            case .request(let request): connections[index].answer(bounded(answer(request)))
            case .done: connections.remove(at: index)
            }
        } catch {
            connections.remove(at: index)
        }
    }

    private func bounded(_ message: DescriptorMessage) -> DescriptorMessage {
        precondition(
            message.bytes.count <= DescriptorMessage.maxBytes
                && message.descriptors.count <= DescriptorMessage.maxDescriptors,
            "an answer is within the limits of a message")
        return message
    }
}
