import Glibc
import Subprocess
import Synchronization

/// One start of a server: turns swift-subprocess's `run`, which lasts as long as the process, into a value
/// that is handed out once the process runs.
///
/// The pipes are this room's own, not swift-subprocess's: its own ones trap when a later descriptor cannot be
/// had, and its reading ends are bound to the closure, while a transport needs descriptors to keep.
final class ServerLaunch: Sendable {
    private let command: ResolvedCommand
    private let streams: Mutex<ServerStreams?>
    private let onStandardErrorLine: (@Sendable (String) -> Void)?
    private let onExit: @Sendable (ProcessExit) -> Void

    /// Opens the pipes.
    init(
        _ command: ResolvedCommand, onStandardErrorLine: (@Sendable (String) -> Void)? = nil,
        onExit: @escaping @Sendable (ProcessExit) -> Void
    ) throws(LaunchError) {
        self.command = command
        streams = Mutex(try Self.openStreams(for: command))
        self.onStandardErrorLine = onStandardErrorLine
        self.onExit = onExit
    }

    /// Returns when the process runs. Called once.
    func start() async throws(LaunchError) -> ServerProcess {
        let result = await withCheckedContinuation { started in
            Task.detached { await self.run(started) }
        }
        return try result.get()
    }

    /// What swift-subprocess opens for a moment or for the process's life: its process descriptor, the
    /// working directory, a pipe to report a failed exec, and as many again for a start on another thread.
    private static let descriptorsForStart = 8

    private static func openStreams(for command: ResolvedCommand) throws(LaunchError) -> ServerStreams {
        do {
            let streams = try ServerStreams()
            try streams.requireRoom(for: descriptorsForStart)
            return streams
        } catch {
            throw .refused(path: command.program, errno: error.errno)
        }
    }

    private func run(_ started: CheckedContinuation<Result<ServerProcess, LaunchError>, Never>) async {
        guard let streams = streams.withLock({ $0.take() }) else {
            preconditionFailure("a launch is started once")
        }
        let ends = (
            input: streams.far.input.rawValue, output: streams.far.output.rawValue,
            error: streams.far.standardError.rawValue
        )
        var near: ServerStreams.Near? = streams.near
        var far: ServerStreams.Far? = streams.far
        var running: ServerProcess?
        var status = ProcessExit.unobserved
        do {
            status = ProcessExit(
                try await Subprocess.run(
                    configuration,
                    input: .fileDescriptor(.init(rawValue: ends.input), closeAfterSpawningProcess: false),
                    output: .fileDescriptor(.init(rawValue: ends.output), closeAfterSpawningProcess: false),
                    error: .fileDescriptor(.init(rawValue: ends.error), closeAfterSpawningProcess: false)
                ) { execution in
                    _ = far.take()
                    guard let near = near.take() else { preconditionFailure("a process starts once") }
                    let process = ServerProcess(
                        processID: execution.processIdentifier.value, input: near.input, output: near.output,
                        standardError: StandardErrorDrain(near.standardError, onLine: onStandardErrorLine))
                    running = process
                    started.resume(returning: .success(process))
                    await process.supervise(processDescriptor: execution.processIdentifier.processDescriptor)
                }.terminationStatus)
        } catch {
            guard running != nil else {
                started.resume(returning: .failure(LaunchError(error, starting: command)))
                return
            }
        }
        running?.finished(status)
        onExit(status)
    }

    private var configuration: Configuration {
        var options = PlatformOptions()
        options.createSession = true
        var environment: [Environment.Key: String] = [:]
        for (name, value) in command.environment {
            if let key = Environment.Key(rawValue: name) { environment[key] = value }
        }
        return Configuration(
            executable: .path(.init(command.program)),
            arguments: Arguments(executablePathOverride: command.name, remainingValues: command.arguments),
            environment: .custom(environment), workingDirectory: command.workingDirectory.map { .init($0) },
            platformOptions: options)
    }
}

extension ProcessExit {
    init(_ status: TerminationStatus) {
        switch status {
        case .exited(let code): self = .exited(code: code)
        case .signaled(let signal): self = .signaled(signal: signal)
        }
    }
}

extension LaunchError {
    /// Says what a refused start means; the command had been looked up just before.
    init(_ error: any Error, starting command: ResolvedCommand) {
        let refusal = error as? SubprocessError
        switch refusal?.code {
        case .executableNotFound? where FileKind(path: command.program) == .executable:
            self = .interpreterNotFound(path: command.program)
        case .executableNotFound?:
            self = .commandNotFound(command: command.program, searchPath: nil)
        case .failedToChangeWorkingDirectory?:
            self = .workingDirectoryMissing(path: command.workingDirectory ?? ".")
        default:
            self = .refused(path: command.program, errno: refusal?.underlyingError?.rawValue ?? 0)
        }
    }
}
