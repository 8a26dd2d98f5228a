import Foundation
import Testing

@testable import SharedMemory

@Suite("Core dumps") struct CoreDumpsTests {
    @Test("A process that forbids them can still start programs, which allow them again") func forbids()
        throws
    {
        try CoreDumps.forbid()
        #expect(!CoreDumps.areAllowed)
        let process = Process()
        let output = Pipe()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = ["python3", "-c", "import ctypes; print(ctypes.CDLL(None).prctl(3, 0, 0, 0, 0))"]
        process.standardOutput = output
        try process.run()
        let bytes = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        #expect(String(decoding: bytes, as: UTF8.self) == "1\n")
        for file in ["stat", "statm", "cgroup"] {
            #expect(FileManager.default.contents(atPath: "/proc/self/\(file)") != nil)
        }
    }
}
