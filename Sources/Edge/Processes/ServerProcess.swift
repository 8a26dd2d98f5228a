import Glibc
import Subprocess
import Synchronization

/// A server's process: the leader of its own session and group, without a terminal, started by no shell.
///
/// It runs until it ends by itself or is stopped; letting go of this value does not stop it. When it ended,
/// what is left of its group is ended too (SIGTERM, then SIGKILL) before its status is collected, so the
/// group's number cannot have passed to a stranger. All functions may be called from any thread and return
/// at once.
package final class ServerProcess: Sendable {
    /// Also the number of its session and group.
    package let processID: Int32

    private struct State: ~Copyable {
        var input: OwnedDescriptor?
        var output: OwnedDescriptor?
        /// The process and its group may be sent signals: nobody has collected its status.
        var isSignalable = true
        var isStopping = false
        var stopping: Task<Void, Never>?
        var status: ProcessExit?
        var waiting: [CheckedContinuation<ProcessExit, Never>] = []
    }

    private let state: Mutex<State>
    private let standardError: StandardErrorDrain

    init(
        processID: Int32, input: consuming OwnedDescriptor, output: consuming OwnedDescriptor,
        standardError: StandardErrorDrain
    ) {
        self.processID = processID
        self.standardError = standardError
        state = Mutex(State(input: input, output: output))
    }

    /// The last lines of its standard error, oldest first; see `StandardErrorTail` for the bounds.
    package var standardErrorTail: [String] { standardError.lines }

    /// Nil while it runs.
    package var exitStatus: ProcessExit? { state.withLock { $0.status } }

    /// Hands out the gateway's ends of its standard input (to write) and output (to read), blocking and
    /// close-on-exec; the caller closes them.
    ///
    /// - Returns: nil from the second call on, and after `terminate`. Ends never taken are closed in time.
    package func takeDescriptors() -> (input: Int32, output: Int32)? {
        state.withLock { state in
            guard let input = state.input.take(), let output = state.output.take() else { return nil }
            return (input.release(), output.release())
        }
    }

    /// A second descriptor of its standard input, close-on-exec, which the caller closes; nil if it was
    /// taken.
    func duplicateInput() -> Int32? {
        state.withLock { state in
            guard let input = state.input?.rawValue else { return nil }
            let copy = fcntl(input, F_DUPFD_CLOEXEC, 0)
            return copy >= 0 ? copy : nil
        }
    }

    /// Takes the reading end alone.
    func takeOutput() -> OwnedDescriptor? {
        state.withLock { $0.output.take() }
    }

    /// Closes the ends that nobody has taken, so that the process sees the end of its input.
    func closeDescriptors() {
        state.withLock { state in
            state.input = nil
            state.output = nil
        }
    }

    /// Stops it: end of standard input, SIGTERM to the group, SIGKILL to the group, with a wait after each.
    ///
    /// Who took the descriptors closes its input before calling this. A second call changes nothing.
    package func terminate(grace: StopGrace = .standard) {
        state.withLock { state in
            guard !state.isStopping, state.status == nil else { return }
            state.isStopping = true
            state.input = nil
            state.stopping = Task.detached { [weak self] in
                do {
                    try await Task.sleep(for: grace.afterInputClosed)
                    self?.signalGroup(SIGTERM)
                    try await Task.sleep(for: grace.afterTerminate)
                    self?.signalGroup(SIGKILL)
                } catch {
                    return
                }
            }
        }
    }

    /// Sends SIGKILL to the whole group now.
    package func kill() {
        signalGroup(SIGKILL)
    }

    /// Waits until it has ended and its status was collected.
    package func exited() async -> ProcessExit {
        await withCheckedContinuation { continuation in
            let known = state.withLock { state in
                if state.status == nil { state.waiting.append(continuation) }
                return state.status
            }
            if let known { continuation.resume(returning: known) }
        }
    }

    private func signalGroup(_ signal: Int32) {
        state.withLock { state in
            if state.isSignalable { _ = Glibc.kill(-processID, signal) }
        }
    }
}

// MARK: - Supervision

extension ServerProcess {
    /// How long the rest of a group may take over SIGTERM once its leader has gone.
    private static let orphanGrace: (rounds: Int, pause: Duration) = (50, .milliseconds(20))

    /// Returns when the leader has ended, is not yet reaped, and nothing else of its group runs.
    func supervise(processDescriptor: Int32) async {
        await ProcessEnd.wait(for: processID, descriptor: processDescriptor)
        state.withLock { $0.stopping.take() }?.cancel()
        if ProcessTable.hasRunningMember(group: processID) {
            signalGroup(SIGTERM)
            for _ in 0..<Self.orphanGrace.rounds {
                try? await Task.sleep(for: Self.orphanGrace.pause)
                if !ProcessTable.hasRunningMember(group: processID) { break }
            }
        }
        signalGroup(SIGKILL)
        await standardError.finish()
        state.withLock { $0.isSignalable = false }
    }

    /// Records the status and tells those who wait.
    func finished(_ status: ProcessExit) {
        let waiting = state.withLock { state in
            state.isSignalable = false
            state.status = status
            let waiting = state.waiting
            state.waiting = []
            return waiting
        }
        for continuation in waiting { continuation.resume(returning: status) }
    }
}
