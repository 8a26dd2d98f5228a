import Sealing
import TestSupport
import Testing

@Suite("A key ring") struct KeyRingTests {
    private static func key(_ byte: UInt8) throws -> KeyEncryptionKey {
        try #require(KeyEncryptionKey([UInt8](repeating: byte, count: 32)))
    }

    @Test("opens with its key, and tells which of several that is") func opens() throws {
        var ring = KeyRing(createdMicroseconds: 7, adopts: ["core"])
        try ring.rotate(createdMicroseconds: 8)
        let file = ring.sealed(under: try Self.key(1))
        let opened = try KeyRing.open(file, with: [try Self.key(2), try Self.key(1)])
        #expect(opened.ring == ring && opened.index == 1)
        #expect(opened.ring.keys.map(\.epoch) == [1, 2] && opened.ring.current.createdMicroseconds == 8)
        #expect(KeyRing(plain: ring.plain) == ring)
    }

    @Test("refuses another key, and tells which it was made for") func wrongKey() throws {
        let key = try Self.key(1)
        let file = KeyRing(createdMicroseconds: 7).sealed(under: key)
        #expect(throws: KeyRing.Fault.wrongKey(expected: key.id)) {
            try KeyRing.open(file, with: [try Self.key(2)])
        }
    }

    @Test("shows every change of one byte", arguments: [0x01, 0x20, 0x80] as [UInt8])
    func damage(bits: UInt8) throws {
        let ring = KeyRing(createdMicroseconds: 7)
        let key = try Self.key(1)
        let file = ring.sealed(under: key)
        for offset in file.indices {
            var damaged = file
            damaged[offset] ^= bits
            let isFound = (try? KeyRing.open(damaged, with: [key])) != nil
            #expect(!isFound, "offset \(offset)")
        }
    }

    @Test("is refused where it is anything else") func garbage() throws {
        let key = try Self.key(1)
        var generator = SeededGenerator(seed: 3)
        for length in [0, 1, 20, 300] {
            #expect(throws: KeyRing.Fault.notARing) {
                try KeyRing.open(generator.bytes(length), with: [key])
            }
        }
        #expect(KeyRing(plain: Array(#"{"adopts":[],"keys":[]}"#.utf8)) == nil)
        #expect(KeyEncryptionKey([1, 2, 3]) == nil)
    }

    @Test("gives away nothing of its keys in its file") func secrecy() throws {
        let ring = KeyRing(createdMicroseconds: 7)
        let secret = String(decoding: ring.plain, as: UTF8.self).split(separator: "\"").map(String.init)
            .first { $0.count == 44 }
        let file = String(decoding: ring.sealed(under: try Self.key(1)), as: UTF8.self)
        #expect(!file.contains(try #require(secret)))
        #expect(!"\(ring) \(String(reflecting: ring))".contains("secret"))
    }
}
