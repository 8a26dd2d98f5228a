import Foundation
import Testing

/// A `RingFixture` that runs beside the tests; it is killed when the last reference goes.
final class RingProcess {
    private let process = Process()
    private let output = Pipe()

    init(_ arguments: String...) throws {
        let own = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
        let path = "\((own as NSString).deletingLastPathComponent)/RingFixture"
        try #require(FileManager.default.isExecutableFile(atPath: path), "built with the tests")
        process.executableURL = URL(filePath: path)
        process.arguments = arguments
        process.standardOutput = output
        process.standardInput = FileHandle.nullDevice
        try process.run()
        // Only the child's end is left, so that reading ends with it.
        try? output.fileHandleForWriting.close()
    }

    deinit { killed() }

    /// One line of its output, without the end; "" when there is none.
    func line() -> String {
        var bytes: [UInt8] = []
        while let byte = try? output.fileHandleForReading.read(upToCount: 1)?.first, byte != 0x0A {
            bytes.append(byte)
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    func send(_ signal: Int32) { kill(process.processIdentifier, signal) }

    /// Stops it (SIGSTOP), and returns once it stands still.
    func stopped() throws {
        send(SIGSTOP)
        var attempts = 0
        while !isStopped, attempts < 10_000 {
            usleep(1000)
            attempts += 1
        }
        try #require(isStopped)
    }

    /// The state behind the name in parentheses (proc_pid_stat(5)).
    private var isStopped: Bool {
        let stat = try? String(contentsOfFile: "/proc/\(process.processIdentifier)/stat", encoding: .utf8)
        return stat?.split(separator: ")").last?.hasPrefix(" T") ?? false
    }

    /// Ends it as the system's out-of-memory killer would.
    func killed() {
        guard process.isRunning else { return }
        send(SIGKILL)
        process.waitUntilExit()
    }
}
