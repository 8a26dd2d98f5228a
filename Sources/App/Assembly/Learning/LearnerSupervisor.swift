import Foundation
import Processes
import Storage
import Synchronization
import Telemetry

/// Keeps the learner's process running: starts it, and again whenever it ended, after a pause.
final class LearnerSupervisor: Sendable {
    private struct State {
        var isStopped = false
        var process: ServerProcess?
        var starts: UInt64 = 0
        var keeper: Task<Void, Never>?
    }

    /// Between two starts; with the time that a start takes, a learner is back within 5 s.
    private static let longestPause = Duration.seconds(4)
    /// How long the learner may take to save and end before it is killed.
    private static let lastWords = StopGrace(afterInputClosed: .seconds(2), afterTerminate: .seconds(1))

    private let command: ServerCommand
    private let lifeline: Lifeline
    private let log: Log
    private let keys: StoreKeys
    let limits: LimitPlan
    private let state = Mutex(State())

    /// - Parameters:
    ///   - arguments: of `attune learn`.
    ///   - keys: are handed to each process over its standard input, and those that come later too.
    init(arguments: [String], limits: LimitPlan, keys: StoreKeys, lifeline: Lifeline, log: Log) {
        // Its environment can't be read once it forbids inspection, unless by root: the lifeline finds it by
        // its arguments.
        let mark = ["--mark", lifeline.token.entry]
        var arguments = ["learn", "--supervised", "--memory", "\(limits.memoryBytes)"] + mark + arguments
        if let group = limits.group { arguments += ["--cgroup", group] }
        // The gateway's own variables are not passed on; this one is the learner's.
        let name = FailpointPlan.learnerVariable
        let variables = ProcessInfo.processInfo.environment.filter { $0.key == name }
        command = ServerCommand(
            command: "/proc/self/exe", arguments: arguments, environment: variables)
        self.limits = limits
        self.lifeline = lifeline
        self.log = log
        self.keys = keys
    }

    /// Nil while it is being started again.
    var processID: Int32? { state.withLock { $0.process?.processID } }

    var restarts: UInt64 { state.withLock { max($0.starts, 1) - 1 } }

    func start() {
        keys.onChange { [weak self] in
            guard let self, let line = keys.handover else { return }
            state.withLock { $0.process }?.feed(line)
        }
        let keeper = Task.detached { await self.keep() }
        state.withLock { $0.keeper = keeper }
    }

    /// Asks the learner to save and end, and waits for that.
    func stop() async {
        let (process, keeper) = state.withLock { state in
            state.isStopped = true
            return (state.process, state.keeper.take())
        }
        keeper?.cancel()
        process?.terminate(grace: Self.lastWords)
        _ = await process?.exited()
    }

    private func keep() async {
        let clock = ContinuousClock()
        let origin = clock.now
        var random = SystemRandomNumberGenerator()
        var backoff = RestartBackoff(ceiling: Self.longestPause)
        while !Task.isCancelled {
            backoff.started(at: clock.now - origin)
            do throws(LaunchError) {
                let process = try await launch()
                guard hold(process) else { return process.kill() }
                if let line = keys.handover { process.feed(line) }
                log.info("learner started", ["pid": .integer(process.processID)])
                let exit = await process.exited()
                guard hold(nil) else { return }
                log.warn("learner ended", ["exit": .string("\(exit)")])
            } catch {
                log.error("the learner cannot be started", ["reason": .string("\(error)")])
            }
            let pause = backoff.ended(at: clock.now - origin, using: &random)
            try? await clock.sleep(for: pause)
        }
    }

    private func launch() async throws(LaunchError) -> ServerProcess {
        let log = self.log
        return try await ServerProcess.start(
            command, name: CommandLine.arguments.first, lifeline: lifeline,
            onStandardErrorLine: { log.info("learner", ["line": .string($0)]) }, onExit: { _ in })
    }

    /// - Returns: false when the supervisor was stopped.
    private func hold(_ process: ServerProcess?) -> Bool {
        state.withLock { state in
            guard !state.isStopped else { return false }
            state.process = process
            if process != nil { state.starts += 1 }
            return true
        }
    }
}
