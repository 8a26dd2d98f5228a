import Foundation

/// This program once more, as the reading half.
final class ReadingProcess {
    enum Fault: Error {
        case ended(said: String)
        case recordsLost(Int)
    }

    private let process = Process()
    private let input = Pipe()
    private let output = Pipe()

    init(directory: String) throws {
        process.executableURL = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath()
        process.arguments = ["read", directory]
        process.standardInput = input
        process.standardOutput = output
        try process.run()
        let greeting = line()
        guard greeting == "ready" else { throw Fault.ended(said: greeting) }
    }

    deinit {
        try? input.fileHandleForWriting.close()
        process.waitUntilExit()
    }

    func ask(_ request: String) { input.fileHandleForWriting.write(Data("\(request)\n".utf8)) }

    /// When it was done, by the monotonic clock.
    func answer() throws -> UInt64 {
        let said = line()
        let words = said.split(separator: " ")
        guard words.count == 2, let end = UInt64(words[0]), let faults = Int(words[1])
        else { throw Fault.ended(said: said) }
        guard faults == 0 else { throw Fault.recordsLost(faults) }
        return end
    }

    private func line() -> String {
        var bytes: [UInt8] = []
        while let byte = try? output.fileHandleForReading.read(upToCount: 1)?.first, byte != 0x0A {
            bytes.append(byte)
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
