import Foundation
import SharedMemory
import Testing

@Suite("Programs of the tests whose parent was killed", .serialized) struct OrphanTests {
    @Test("They end by themselves", arguments: ["observe", "command", "read"]) func orphan(_ mode: String)
        throws
    {
        let directory = try PrivateDirectory()
        let core = try Segment.file(
            SegmentPlan(
                kind: .core, name: "core",
                sections: [.observationRing(loop: 0, within: 256 + 64 * 128), .cursors()]),
            in: directory.path)
        if mode != "observe" { try core.goLive() }
        let own = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
        let parent = Process()
        let output = Pipe()
        parent.executableURL = URL(filePath: "/bin/sh")
        parent.arguments = [
            "-c", #""$0" "$@" & echo $!; wait"#,
            "\((own as NSString).deletingLastPathComponent)/RingFixture", mode, directory.path,
        ]
        parent.standardOutput = output
        try parent.run()
        var lines = ""
        while lines.count(where: { $0 == "\n" }) < 2 {
            let bytes = try #require(try output.fileHandleForReading.read(upToCount: 1))
            try #require(!bytes.isEmpty)
            lines += String(decoding: bytes, as: UTF8.self)
        }
        let number = try #require(lines.split(separator: "\n").compactMap { UInt64($0) }.first)
        let orphan = try #require(ProcessIdentity(running: number))
        kill(parent.processIdentifier, SIGKILL)
        parent.waitUntilExit()
        var attempts = 0
        while Self.runs(orphan), attempts < 10_000 {
            usleep(1000)
            attempts += 1
        }
        let hasEnded = !Self.runs(orphan)
        #expect(hasEnded)
        if !hasEnded { kill(pid_t(number), SIGKILL) }
    }

    /// One that has ended may wait for ever for who takes orphans ("Z").
    static func runs(_ process: ProcessIdentity) -> Bool {
        guard process.isRunning else { return false }
        let stat = try? String(contentsOfFile: "/proc/\(process.processID)/stat", encoding: .utf8)
        return stat?.split(separator: ")").last?.hasPrefix(" Z") == false
    }
}
