import Processes
import Sessions
import Synchronization
import Telemetry
import Transports

/// Starts the process of one stdio server and connects its streams to a loop.
final class ServerLauncher: ProcessLauncher {
    /// The processes of all servers that have not ended yet.
    static let running = RunningProcesses()

    private let command: ServerCommand
    private let limits: LineLimits
    private let lifeline: Lifeline
    private let log: Log

    init(_ command: ServerCommand, limits: LineLimits, lifeline: Lifeline, log: Log) {
        self.command = command
        self.limits = limits
        self.lifeline = lifeline
        self.log = log
    }

    func launch(
        on loop: any Loop, receiver: any LineReceiver & Sendable,
        completion: @escaping @Sendable (Result<any ProcessChannel & Sendable, LaunchFailure>) -> Void
    ) {
        guard let loop = loop as? NIOLoop else {
            preconditionFailure("the gateway's loops are the transports' own")
        }
        Task {
            do throws(LaunchError) {
                let process = try await start()
                loop.execute { self.connect(process, on: loop, receiver, completion) }
            } catch {
                loop.execute { completion(.failure(LaunchFailure(error))) }
            }
        }
    }

    private func start() async throws(LaunchError) -> ServerProcess {
        let log = self.log
        let process = try await ServerProcess.start(
            command, lifeline: lifeline,
            onStandardErrorLine: { line in log.debug("standard error", ["line": .string(line)]) },
            onExit: { exit in
                Self.running.remove()
                log.info("process ended", ["exit": .string("\(exit)")])
            })
        Self.running.add()
        log.info("process started", ["pid": .integer(process.processID)])
        return process
    }

    private func connect(
        _ process: ServerProcess, on loop: NIOLoop, _ receiver: any LineReceiver & Sendable,
        _ completion: @escaping @Sendable (Result<any ProcessChannel & Sendable, LaunchFailure>) -> Void
    ) {
        guard let streams = process.takeDescriptors() else {
            process.terminate()
            return completion(.failure(.failed(command.command, errno: 0)))
        }
        PipeConnection.connect(
            input: streams.output, output: streams.input, on: loop, limits: limits, receiver: receiver
        ) { result in
            switch result {
            case .success(let connection): completion(.success(ServerChannel(process, connection)))
            case .failure(let error):
                process.terminate()
                completion(.failure(.failed("\(self.command.command): \(error)", errno: 0)))
            }
        }
    }
}

/// Counts processes, so that the gateway can wait for their end.
final class RunningProcesses: Sendable {
    private let number = Mutex(0)

    var count: Int { number.withLock { $0 } }
    func add() { number.withLock { $0 += 1 } }
    func remove() { number.withLock { $0 -= 1 } }
}

/// A server's process and the line connection over its standard streams.
private final class ServerChannel: ProcessChannel, @unchecked Sendable {
    // Proof of Sendable: both parts are immutable; the connection is used on its loop alone, as its protocol
    // says.
    private let process: ServerProcess
    private let connection: any LineChannel

    init(_ process: ServerProcess, _ connection: any LineChannel) {
        self.process = process
        self.connection = connection
    }

    var loop: any Loop { connection.loop }
    var isWritable: Bool { connection.isWritable }
    func write(_ message: [UInt8]) { connection.write(message) }
    func pauseReading(_ paused: Bool) { connection.pauseReading(paused) }
    func close() { terminate() }
    var processID: Int32 { process.processID }
    var standardErrorTail: [String] { process.standardErrorTail }

    func terminate() {
        connection.close()
        process.terminate()
    }
}

extension LaunchFailure {
    init(_ error: LaunchError) {
        switch error {
        case .commandNotFound(let command, _): self = .commandNotFound(command)
        case .notExecutable(let path): self = .notPermitted(path)
        case .workingDirectoryMissing(let path): self = .noSuchWorkingDirectory(path)
        case .interpreterNotFound(let path): self = .commandNotFound("\(path) (its interpreter)")
        case .invalidText, .notReady: self = .failed("\(error)", errno: 0)
        case .refused(let path, let errno): self = .failed(path, errno: errno)
        }
    }
}
