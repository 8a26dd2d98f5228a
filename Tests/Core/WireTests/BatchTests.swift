import Testing
import Wire

@Suite("Batches")
struct BatchTests {
    @Test("come apart into messages that scan by themselves")
    func elements() throws {
        let message = bytes(
            #" [ {"jsonrpc":"2.0","id":1,"method":"a"} ,{"jsonrpc":"2.0","method":"b"}, 7 ] "#)
        let ranges = try Batch.elements(message, Scanner.scan(message), max: 3)
        let kinds = try ranges.map { try Scanner.scan(Array(message[$0.range])).kind }
        #expect(kinds == [.request, .notification, .invalid])
        #expect(text(message[ranges[2].range]) == "7")
    }

    @Test("are refused when they have too many elements")
    func tooMany() throws {
        let message = bytes("[1,2,3]")
        #expect(throws: ScanError.tooLarge(bytes: 7)) {
            try Batch.elements(message, Scanner.scan(message), max: 2)
        }
    }

    @Test("have no elements when they are empty or no batch")
    func none() throws {
        #expect(try Batch.elements(bytes("[ ]"), Scanner.scan(bytes("[ ]")), max: 0).isEmpty)
        #expect(try Batch.elements(bytes("{}"), Scanner.scan(bytes("{}")), max: 0).isEmpty)
    }
}
