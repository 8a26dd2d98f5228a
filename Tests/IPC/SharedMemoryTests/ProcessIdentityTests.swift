import Glibc
import SharedMemory
import Testing

@Suite("Process identities") struct ProcessIdentityTests {
    @Test("A process is told from another of the same number by its start") func identity() throws {
        let own = try #require(ProcessIdentity.current())
        #expect(own.processID == UInt64(getpid()))
        #expect(own.isRunning)
        #expect(!ProcessIdentity(processID: own.processID, startTicks: own.startTicks + 1).isRunning)
        #expect(ProcessIdentity(running: 0) == nil)
        #expect(ProcessIdentity(running: UInt64.max) == nil)
    }

    @Test("The machine's run has one identity") func boot() throws {
        let boot = try #require(BootIdentity.current())
        #expect(boot == BootIdentity.current())
        #expect(boot.words != (0, 0))
    }
}
