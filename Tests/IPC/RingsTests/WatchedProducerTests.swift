import Foundation
import Rings
import SharedMemory
import Testing

/// A million observations of one program each, while the system ends it at its first system call, and what it
/// asks of malloc and of pthreads is counted. It shows no lock that is made of atomic operations alone, while
/// nobody else has it: readers, whose mappings are read-only, couldn't take one.
@Suite("A producer under watch", .serialized) struct WatchedProducerTests {
    enum End: Equatable {
        case exit(Int32)
        case signal(Int32)
    }

    static func run(_ directory: PrivateDirectory, planted: String) throws -> End {
        let own = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
        let process = Process()
        process.executableURL = URL(filePath: own).deletingLastPathComponent()
            .appending(path: "WatchedProducer")
        process.arguments = [directory.path, planted]
        process.standardInput = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        let status = process.terminationStatus
        return process.terminationReason == .exit ? .exit(status) : .signal(status)
    }

    @Test("Appending and showing a million calls allocates nothing, takes no lock and calls no system")
    func quiet() throws {
        let directory = try PrivateDirectory()
        let end = try Self.run(directory, planted: "nothing")
        if end == .exit(77) { try Test.cancel("this system permits no filter of system calls") }
        #expect(end == .exit(0))
        let segment = try AttachedSegment.file("\(directory.path)/core.segment")
        let reader = try ObservationRingReader(
            #require(segment.section(.observationRing)), from: .beginning)
        #expect(reader.published == 1_001_000)
        let payloads = try #require(segment.section(.payloadRing))
        let bytes = try PayloadRingReader(payloads).published
        #expect(bytes > 1000 * payloads.capacity, "it came round again and again")
    }

    @Test(
        "A producer that does allocate, lock or call the system is found out",
        arguments: [("allocation", End.exit(1)), ("lock", .exit(2)), ("call", .signal(SIGSYS))])
    func planted(_ what: String, _ expected: End) throws {
        let end = try Self.run(PrivateDirectory(), planted: what)
        if end == .exit(77) { try Test.cancel("this system permits no filter of system calls") }
        #expect(end == expected)
    }
}
