import Foundation
import Glibc
import Processes
import Testing

/// A running server and the gateway's ends of its streams. Reading waits on threads of its own, so that tests
/// in number cannot hold up the tasks that supervise.
final class Peer: Sendable {
    let process: ServerProcess
    private let input: Int32
    private let output: Int32
    private let queue = DispatchQueue(label: "peer")

    init(
        _ command: ServerCommand, lifeline: Lifeline? = nil,
        onStandardErrorLine: (@Sendable (String) -> Void)? = nil,
        onExit: @escaping @Sendable (ProcessExit) -> Void = { _ in }
    ) async throws {
        process = try await ServerProcess.start(
            command, lifeline: lifeline, onStandardErrorLine: onStandardErrorLine, onExit: onExit)
        (input, output) = try #require(process.takeDescriptors())
    }

    deinit {
        process.kill()
        close(output)
    }

    func write(_ text: String) throws {
        try FileHandle(fileDescriptor: input, closeOnDealloc: false).write(contentsOf: Data(text.utf8))
    }

    func closeInput() {
        close(input)
    }

    /// Everything up to the end of its output.
    func readToEnd() async -> String {
        await withCheckedContinuation { continuation in
            queue.async {
                let handle = FileHandle(fileDescriptor: self.output, closeOnDealloc: false)
                let data = (try? handle.readToEnd()) ?? Data()
                continuation.resume(returning: String(decoding: data, as: UTF8.self))
            }
        }
    }

    /// The next line, without its newline; shorter at the end of the output.
    func readLine() async -> String {
        await withCheckedContinuation { continuation in
            queue.async {
                let handle = FileHandle(fileDescriptor: self.output, closeOnDealloc: false)
                var line = Data()
                while let byte = try? handle.read(upToCount: 1), byte != Data("\n".utf8) { line += byte }
                continuation.resume(returning: String(decoding: line, as: UTF8.self))
            }
        }
    }
}
