import Foundation

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Runs the commands that print secrets: one at a time, for a bounded time, with a bounded output.
package enum SecretCommand {
    package enum Fault: Error, Equatable, Sendable {
        case notStarted
        case exited(status: Int32)
        case timedOut(seconds: Int)
        case tooLong(maxBytes: Int)
    }

    package static let maxBytes = 64 * 1024
    package static let seconds = 10

    /// What the command line, run by `/bin/sh`, writes to standard output.
    ///
    /// Its standard error is the gateway's. Blocks for at most `seconds`.
    package static func output(
        of line: String, environment: [String: String], seconds: Int = seconds
    ) throws(Fault) -> [UInt8] {
        let process = Process()
        let output = Pipe()
        process.executableURL = URL(fileURLWithPath: "/bin/sh")
        process.arguments = ["-c", line]
        process.environment = environment
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = output
        do {
            try process.run()
        } catch {
            throw .notStarted
        }
        let deadline = ContinuousClock.now.advanced(by: .seconds(seconds))
        do throws(Fault) {
            let bytes = try read(output.fileHandleForReading, until: deadline, seconds)
            while process.isRunning {
                guard ContinuousClock.now < deadline else { throw .timedOut(seconds: seconds) }
                usleep(5_000)
            }
            guard process.terminationStatus == 0 else { throw .exited(status: process.terminationStatus) }
            return bytes
        } catch {
            if process.isRunning { kill(process.processIdentifier, SIGKILL) }
            throw error
        }
    }

    private static func read(
        _ file: FileHandle, until deadline: ContinuousClock.Instant, _ seconds: Int
    ) throws(Fault) -> [UInt8] {
        var bytes: [UInt8] = []
        var ready = pollfd(fd: file.fileDescriptor, events: Int16(POLLIN), revents: 0)
        while true {
            let left = ContinuousClock.now.duration(to: deadline).components
            let milliseconds = left.seconds * 1000 + left.attoseconds / 1_000_000_000_000_000
            guard milliseconds > 0 else { throw .timedOut(seconds: seconds) }
            // Proof: `ready` is one valid pollfd that outlives the call.
            guard unsafe poll(&ready, 1, Int32(clamping: milliseconds)) > 0 else { continue }
            // `availableData` reads once, at least a byte unless the output has ended.
            let piece = file.availableData
            if piece.isEmpty { return bytes }
            bytes += piece
            guard bytes.count <= maxBytes else { throw .tooLong(maxBytes: maxBytes) }
        }
    }
}

extension SecretCommand.Fault: CustomStringConvertible {
    package var description: String {
        switch self {
        case .notStarted: "it could not be started"
        case .exited(let status): "it ended with status \(status)"
        case .timedOut(let seconds): "it did not end within \(seconds) s"
        case .tooLong(let maxBytes): "it wrote more than \(maxBytes) bytes"
        }
    }
}
