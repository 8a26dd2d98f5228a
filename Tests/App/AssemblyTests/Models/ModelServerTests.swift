import Foundation
import ModelHistory
import Storage
import TestSupport
import Testing

@testable import Assembly

@Suite("The socket of the models", .timeLimit(.minutes(1))) struct ModelServerTests {
    @Test("is closed beside a client that sends its request for ever") func stopped() throws {
        let folder = try PrivateFolder()
        let store = try MemoryStore(families: ModelRepository.families)
        let server = try ModelServer.start(at: folder.path + "/models", ModelRepository(store))
        let client = try ModelConnection.connect(server.path, seconds: 5)
        try client.write([0, 0, 0xFF, 0xFF])
        let sent = onThreads(2) { number -> Int in
            guard number == 0 else {
                server.stop()
                return 0
            }
            var sent = 0
            while (try? client.write([UInt8(ascii: " ")])) != nil {
                sent += 1
                Thread.sleep(forTimeInterval: 0.02)
            }
            return sent
        }
        #expect(sent[0] < 0xFFFF)
        #expect(throws: ModelLinkFault.absent(path: server.path)) {
            try ModelConnection.connect(server.path, seconds: 5)
        }
    }
}
