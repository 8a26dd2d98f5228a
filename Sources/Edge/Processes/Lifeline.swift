import FoundationEssentials
import Synchronization

/// Makes sure that no server, nor anything that a server started, outlives the gateway, even one that is
/// killed.
///
/// Every server is started with `ATTUNE_LIFELINE=<token>` in its environment, which its descendants
/// inherit; a process that forbids inspection, as the learner does, carries the same text as an argument.
/// Beside them runs one small process of this same program (`<program> lifeline <token>`), whose
/// standard input is a pipe that only the gateway can write to. When the gateway is gone, by whatever
/// death, the pipe ends, and the process ends all that carry the token; see `LifelineGuard`. It is
/// restarted when it dies first. Its name on process lists does not contain the gateway's, so that a `pkill
/// -9` by name leaves it to its work.
///
/// `PR_SET_PDEATHSIG` would not do: the kernel drops it on fork, so grandchildren are missed; it fires when
/// the starting *thread* ends; and swift-subprocess has no place to set it. Nor would the end of standard
/// input, which a server may ignore.
///
/// What escapes: a process that wipes its environment and leaves its group, one of another user, and all of
/// them if gateway and lifeline are killed within the same moment.
package final class Lifeline: Sendable {
    package let token = LifelineToken()

    private struct State {
        var isStopped = false
        /// Its standard input is the pipe that keeps the lifeline waiting.
        var process: ServerProcess?
        var keeper: Task<Void, Never>?
    }

    private let command: ResolvedCommand
    private let state = Mutex(State())

    /// The process ID of the lifeline; nil while it is being restarted.
    package var processID: Int32? { state.withLock { $0.process?.processID } }

    /// What marks a process.
    var environment: [String: String] { [LifelineToken.variable: token.text] }

    private init(program: String, arguments: [String]) {
        let inherited = ProcessInfo.processInfo.environment.filter { $0.key == "LD_LIBRARY_PATH" }
        command = ResolvedCommand(
            program: program, name: LifelineGuard.processName, arguments: arguments + [token.text],
            environment: inherited, workingDirectory: "/")
    }

    /// Starts the lifeline; called once, before the first server is started.
    ///
    /// - Parameter program: this program, so that a file replaced by an update is still the one that runs.
    /// - Parameter arguments: what makes it call `guardMain` with the argument that follows them, the token.
    package static func start(
        program: String = "/proc/self/exe", arguments: [String] = ["lifeline"]
    ) async throws(LaunchError) -> Lifeline {
        let lifeline = Lifeline(program: program, arguments: arguments)
        let first = try await lifeline.launch()
        let keeper = Task.detached { await lifeline.keep(first) }
        lifeline.state.withLock { $0.keeper = keeper }
        return lifeline
    }

    /// Lets go, after the servers were stopped: the lifeline ends what carries the token nevertheless, and
    /// then itself, within 10 s and usually 0.3 s. Returns at once.
    package func stop() {
        let (process, keeper) = state.withLock { state in
            state.isStopped = true
            return (state.process.take(), state.keeper.take())
        }
        keeper?.cancel()
        process?.closeDescriptors()
    }

    /// Is the lifeline: waits for the end of standard input and ends what carries the token.
    ///
    /// - Returns: the exit code: 0, 1 when something could not be ended, 2 when the token is malformed.
    package static func guardMain(token: String) -> Int32 {
        guard let token = LifelineToken(token) else { return 2 }
        return LifelineGuard.run(token) ? 0 : 1
    }

    /// Ends what an earlier instance left behind; blocks for 0.3 to 10 s.
    @discardableResult
    package static func sweep(_ token: LifelineToken) -> Bool {
        LifelineGuard.sweep(token)
    }
}

// MARK: - Keeping it alive

extension Lifeline {
    /// How long the lifeline may take to get ready: a machine that swaps is slow.
    private static let readyWithin = Duration.seconds(20)
    private static let endsWithin = Duration.seconds(1)

    /// Returns once the lifeline withstands signals and watches.
    private func launch() async throws(LaunchError) -> ServerProcess {
        let process = try await ServerLaunch(command, onExit: { _ in }).start()
        let impatience = Task.detached {
            try await Task.sleep(for: Self.readyWithin)
            process.kill()
        }
        defer { impatience.cancel() }
        guard let output = process.takeOutput(), await FirstOutput.arrives(on: output) else {
            // A process that ends closes its streams a moment before it has an exit code.
            let grace = Task.detached {
                try await Task.sleep(for: Self.endsWithin)
                process.kill()
            }
            defer { grace.cancel() }
            throw .notReady(path: command.program, await process.exited())
        }
        return process
    }

    private func keep(_ first: ServerProcess) async {
        let clock = ContinuousClock()
        let origin = clock.now
        var random = SystemRandomNumberGenerator()
        var backoff = RestartBackoff(ceiling: .seconds(5))
        var next: ServerProcess? = first
        while true {
            if let process = next {
                backoff.started(at: clock.now - origin)
                guard hold(process) else { return }
                _ = await process.exited()
                guard hold(nil) else { return }
            }
            let pause = backoff.ended(at: clock.now - origin, using: &random)
            guard (try? await clock.sleep(for: pause)) != nil else { return }
            next = try? await launch()
        }
    }

    /// - Returns: false when the lifeline was stopped; the process then ends as well.
    private func hold(_ process: ServerProcess?) -> Bool {
        let isStopped = state.withLock { state in
            if !state.isStopped { state.process = process }
            return state.isStopped
        }
        if isStopped { process?.closeDescriptors() }
        return !isStopped
    }
}
