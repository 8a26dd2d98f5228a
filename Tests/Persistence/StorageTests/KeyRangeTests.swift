import Storage
import Testing

@Suite("Ranges of keys") struct KeyRangeTests {
    @Test("A prefix's range ends before the next text that doesn't begin so") func prefixes() {
        #expect(KeyRange(prefix: [1, 2]) == KeyRange(from: [1, 2], upTo: [1, 3]))
        #expect(KeyRange(prefix: [1, 0xFF, 0xFF]) == KeyRange(from: [1, 0xFF, 0xFF], upTo: [2]))
        #expect(KeyRange(prefix: [0xFF]) == KeyRange(from: [0xFF], upTo: nil))
        #expect(KeyRange(prefix: []) == .all)
    }

    @Test("A range whose ends meet or cross is empty") func emptiness() {
        #expect(KeyRange(from: [1], upTo: [1]).isEmpty)
        #expect(KeyRange(from: [2], upTo: [1]).isEmpty)
        #expect(KeyRange(from: [], upTo: []).isEmpty)
        #expect(!KeyRange(from: [], upTo: [0]).isEmpty)
        #expect(!KeyRange.all.isEmpty)
    }
}
