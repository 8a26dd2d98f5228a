import Storage
import Testing

@Suite("Export of a store") struct StoreExportTests {
    @Test("Each entry is a line of JSON with its bytes in hex, in order") func lines() throws {
        let families = ["b", "a"].map { Family($0) }
        let store = try MemoryStore(families: families)
        var batch = WriteBatch()
        batch.put([0x00, 0xFF], for: [0x68, 0x69], in: families[0])
        batch.put([], for: [0x0A], in: families[1])
        try store.write(batch, .durable)
        var text = ""
        let count = try StoreExport.lines(of: store, families: families) {
            text += String(decoding: $0, as: UTF8.self)
        }
        #expect(count == 2)
        #expect(
            text == """
                {"family":"a","key":"0a","value":""}
                {"family":"b","key":"6869","value":"00ff"}

                """)
    }

    @Test("What stops the sink stops the export") func stopped() throws {
        let store = try MemoryStore(families: [Family("a")])
        var batch = WriteBatch()
        for byte in UInt8(0)..<9 { batch.put([], for: [byte], in: Family("a")) }
        try store.write(batch, .durable)
        var lines = 0
        #expect(throws: StorageError.noSpace(.write)) {
            _ = try StoreExport.lines(of: store, families: store.families) { _ throws(StorageError) in
                lines += 1
                if lines == 3 { throw StorageError.noSpace(.write) }
            }
        }
        #expect(lines == 3)
    }
}
