import Foundation
import Testing

@Suite("The thread sanitizer") struct RaceTests {
    /// What the sanitizer says of a scenario, and how it ended.
    static func watch(_ scenario: String) throws -> (status: Int32, report: String) {
        let own = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
        let process = Process()
        let output = Pipe()
        process.executableURL = URL(filePath: "\((own as NSString).deletingLastPathComponent)/Race")
        process.arguments = [scenario]
        process.standardError = output
        process.environment = ["TSAN_OPTIONS": "exitcode=66"]
        try process.run()
        try output.fileHandleForWriting.close()
        let report = String(decoding: try output.fileHandleForReading.readToEnd() ?? Data(), as: UTF8.self)
        process.waitUntilExit()
        return (process.terminationStatus, report)
    }

    @Test(
        "finds nothing in the rooms of shared memory",
        arguments: ["observations", "overrun", "payloads", "commands", "table", "table-writers", "names"])
    func rooms(scenario: String) throws {
        let (status, report) = try Self.watch(scenario)
        #expect(status == 0, "\(report.prefix(4000))")
        #expect(report.isEmpty, "\(report.prefix(4000))")
    }

    @Test(
        "still reports a race that was planted",
        arguments: ["planted-in-swift", "planted-in-copies", "planted-in-order"])
    func planted(scenario: String) throws {
        let (status, report) = try Self.watch(scenario)
        #expect(status == 66)
        #expect(report.contains("WARNING: ThreadSanitizer: data race"))
    }
}
