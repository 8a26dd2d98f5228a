import Schemas
import TestSupport
import Testing

@testable import Audit

@Suite("What the audit log proves to others") struct ProofTests {
    @Test("holds, is read back as it was written, and shows any change", arguments: [UInt64(21), 22])
    func inclusion(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let rig = try AuditRig()
        for _ in 0..<Int.random(in: 20...60, using: &random) { rig.call() }
        rig.turn()
        let head = try #require(try rig.reader.newestHead())
        let verifier = rig.key.verifier(of: head.head.log)
        for place in 0..<head.head.size {
            let proof = try rig.reader.proof(of: place, in: head)
            #expect(proof.holds(for: verifier))
            #expect(InclusionProof(text: proof.text) == proof)
        }
        let proof = try rig.reader.proof(of: 3, in: head)
        let text = Array(proof.text.utf8)
        for at in text.indices {
            var changed = text
            changed[at] ^= UInt8(1 << Int.random(in: 0..<8, using: &random))
            guard let text = String(validating: changed, as: UTF8.self),
                let other = InclusionProof(text: text)
            else { continue }
            #expect(!other.holds(for: verifier), "seed \(seed), at \(at)")
        }
        let thief = try #require(AuditKey(seed: [UInt8](repeating: 1, count: 32)))
        #expect(!proof.holds(for: thief.verifier(of: head.head.log)))
    }

    @Test("that it only grew holds between any two sizes") func consistency() throws {
        let rig = try AuditRig()
        for _ in 0..<30 { rig.call() }
        rig.turn()
        for new in UInt64(0)...31 {
            for old in 0...new { #expect(try rig.reader.consistency(from: old, to: new).holds) }
        }
        #expect(throws: AuditFailure.beyond(place: 32, size: 31)) {
            try rig.reader.consistency(from: 1, to: 32)
        }
        #expect(throws: AuditFailure.beyond(place: 6, size: 5)) { try rig.reader.consistency(from: 6, to: 5) }
    }

    @Test("can be judged by a key that was written down") func keys() throws {
        let rig = try AuditRig()
        rig.turn()
        let verifier = rig.key.verifier(of: try #require(try rig.reader.log()))
        #expect(AuditVerifier(text: verifier.text) == verifier)
        let text = Array(verifier.text.utf8)
        for at in text.indices {
            var changed = text
            changed[at] ^= 1
            #expect(String(validating: changed, as: UTF8.self).flatMap { AuditVerifier(text: $0) } == nil)
        }
    }

    @Test("are read without a trap whatever they are, and are what they were where they are read")
    func mutations() throws {
        let seed: UInt64 = 23
        var random = SeededGenerator(seed: seed)
        let rig = try AuditRig()
        for _ in 0..<9 { rig.call() }
        rig.turn()
        let head = try #require(try rig.reader.newestHead())
        let stored = try #require(try rig.store.value(of: AuditFamilies.key(7), in: AuditFamilies.entries))
        let inputs = [
            Array(head.text.utf8), Array(try rig.reader.proof(of: 5, in: head).text.utf8), stored,
            Array(rig.key.verifier(of: head.head.log).text.utf8),
        ]
        for _ in 0..<20_000 {
            var bytes = random.pick(inputs)
            for _ in 0..<Int.random(in: 1...6, using: &random) {
                let at = Int.random(in: 0...bytes.count, using: &random)
                switch Int.random(in: 0..<4, using: &random) {
                case 0 where at < bytes.count: bytes[at] = UInt8(truncatingIfNeeded: random.next())
                case 1: bytes.removeLast(bytes.count - at)
                case 2: bytes.insert(contentsOf: random.bytes(3), at: at)
                default: bytes.insert(contentsOf: random.pick(inputs).prefix(40), at: at)
                }
            }
            let text = String(decoding: bytes, as: UTF8.self)
            if let proof = InclusionProof(text: text) { #expect(proof.text == text, "seed \(seed)") }
            if let head = SignedHead(text: text) { #expect(head.text == text, "seed \(seed)") }
            if let key = AuditVerifier(text: text) { #expect(key.text == text, "seed \(seed)") }
            _ = StoredEntry(bytes, at: UInt64.random(in: 0...70, using: &random))
            if let entry = try? AuditEntry(serializedBytes: bytes) { _ = AuditRow.json(3, entry) }
        }
    }
}
