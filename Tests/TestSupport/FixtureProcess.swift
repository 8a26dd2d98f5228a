import Foundation

/// A program of the tests that runs beside them, in the same folder; it is killed when the last reference
/// goes.
public final class FixtureProcess {
    private let process = Process()
    private let output = Pipe()

    /// How it ended.
    public enum End: Equatable, Sendable {
        case exit(Int32)
        case signal(Int32)
    }

    /// - Parameter environment: added to that of the tests.
    public init(_ name: String, _ arguments: String..., environment: [String: String] = [:]) throws {
        let own = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
        process.executableURL = URL(filePath: own).deletingLastPathComponent().appending(path: name)
        process.arguments = arguments
        process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
        process.standardOutput = output
        process.standardInput = FileHandle.nullDevice
        try process.run()
        // Only the child's end is left, so that reading ends with it.
        try? output.fileHandleForWriting.close()
    }

    deinit { killed() }

    /// One line of its output, without the end; "" when there is none.
    public func line() -> String {
        var bytes: [UInt8] = []
        while let byte = try? output.fileHandleForReading.read(upToCount: 1)?.first, byte != 0x0A {
            bytes.append(byte)
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// What it says until it ends by itself.
    public func outcome() -> (end: End, output: String) {
        let output = (try? output.fileHandleForReading.readToEnd()) ?? Data()
        process.waitUntilExit()
        let status = process.terminationStatus
        let end: End = process.terminationReason == .exit ? .exit(status) : .signal(status)
        return (end, String(decoding: output, as: UTF8.self))
    }

    /// Ends it as the system's out-of-memory killer would.
    public func killed() {
        guard process.isRunning else { return }
        kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
    }
}
