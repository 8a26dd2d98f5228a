import Foundation
import Schemas
import Storage
import Testing

@testable import Audit

@Suite("Entries of the audit log that are written as packs") struct PackTests {
    /// Entries alone, then packs, then entries alone: as a gateway writes them that is busy for a while.
    private func rig(busy: Int = 300) throws -> AuditRig {
        let rig = try AuditRig()
        for count in [5, busy, 3] {
            for _ in 0..<count { rig.call() }
            rig.turn(after: 61_000_000)
        }
        #expect(try rig.verify().isSound)
        return rig
    }

    private func keys(_ rig: AuditRig) throws -> [[UInt8]] {
        try rig.store.entries(in: .all, of: AuditFamilies.entries, limit: 10_000).map(\.key)
    }

    private func change(_ rig: AuditRig, _ body: (inout WriteBatch) throws -> Void) throws {
        var batch = WriteBatch()
        try body(&batch)
        try rig.store.write(batch, .durable)
    }

    private func places(_ rig: AuditRig, before end: UInt64?, limit: Int) throws -> [UInt64] {
        var found: [UInt64] = []
        try AuditSearch(rig.store).walk(before: end) { place, _ in
            found.append(place)
            return found.count < limit
        }
        return found
    }

    @Test("are few values, and are read, searched and proved as others are") func reading() throws {
        let rig = try rig()
        #expect(try keys(rig).compactMap { AuditFamilies.places($0)?.count }.max() ?? 0 > 16)
        #expect(try keys(rig).count < 30)
        #expect(try rig.reader.size() == 309)
        #expect(try rig.callIDs() == Array(1...308))
        #expect(try places(rig, before: nil, limit: 309) == (0..<309).reversed())
        for end in [UInt64(1), 6, 7, 100, 134, 200, 306, 307, 309] {
            #expect(try places(rig, before: end, limit: 20) == (0..<end).reversed().prefix(20).map { $0 })
        }
        let head = try #require(try rig.reader.newestHead())
        for place in stride(from: UInt64(0), to: 309, by: 7) {
            let proof = try rig.reader.proof(of: place, in: head)
            #expect(
                MerkleProof.includes(
                    .leaf(proof.entry), at: place, size: 309, path: proof.path, root: head.head.root))
        }
        try rig.restart()
        for _ in 0..<40 { rig.call() }
        rig.turn()
        #expect(try rig.verify().isSound && rig.reader.size() == 350)
    }

    @Test("have starts and ends of calls in one row, wherever a walk begins") func ends() throws {
        var settings = AuditSettings()
        settings.isDurable = true
        let rig = try AuditRig(settings)
        rig.turn()
        let heard = Heard()
        for id in UInt64(1)...50 { rig.begin(id, heard) }
        rig.turn(after: 10)
        for id in UInt64(1)...50 { rig.end(id, wasStarted: true) }
        rig.turn(after: 10)
        #expect((1...50).allSatisfy { heard[$0] == .passed })
        #expect(try places(rig, before: nil, limit: 1000) == (51...100).reversed() + [0])
        #expect(try places(rig, before: 60, limit: 1000) == (51..<60).reversed() + [0])
        #expect(try places(rig, before: 51, limit: 1000) == [0])
    }

    @Test("are missed where they were deleted, and told from others that stand in their place")
    func tampering() throws {
        let deleted = try rig()
        let pack = try #require(try keys(deleted).last { $0.count == 10 })
        let places = try #require(AuditFamilies.places(pack))
        try change(deleted) { $0.delete(pack, in: AuditFamilies.entries) }
        #expect(try deleted.verify().findings.contains(.deleted(places)))

        let added = try rig()
        try change(added) { batch in
            let value = try #require(
                try added.store.value(of: AuditFamilies.key(3), in: AuditFamilies.entries))
            batch.put(value, for: AuditFamilies.key(places.lowerBound + 1), in: AuditFamilies.entries)
        }
        #expect(try added.verify().findings.map(\.name).contains("foreign"))

        let swapped = try rig()
        let packs = try keys(swapped).filter { $0.count == 10 }
        let values = try packs.map {
            try #require(try swapped.store.value(of: $0, in: AuditFamilies.entries))
        }
        try change(swapped) { batch in
            batch.put(values[1], for: packs[0], in: AuditFamilies.entries)
            batch.put(values[0], for: packs[1], in: AuditFamilies.entries)
        }
        #expect(try !swapped.verify().isSound)

        let edited = try rig()
        var value = try #require(try edited.store.value(of: pack, in: AuditFamilies.entries))
        value[value.count - 1] ^= 1
        try change(edited) { $0.put(value, for: pack, in: AuditFamilies.entries) }
        #expect(try edited.verify().findings == [.edited(places.upperBound - 1)])
    }

    @Test("are found out by every flip in one's key and value") func flips() throws {
        let rig = try AuditRig()
        for _ in 0..<EntryPacker.fewestEntries { rig.call() }
        rig.turn(isLast: true)
        let pack = try #require(
            try rig.store.entries(in: .all, of: AuditFamilies.entries, limit: 10).last { $0.key.count == 10 })
        // Of a value of 5 kB each third byte, with another bit each.
        for at in Array(0..<pack.key.count) + stride(from: pack.key.count, to: pack.value.count, by: 3) {
            var other = pack
            if at < pack.key.count {
                other.key[at] ^= 1 << (at % 8)
            } else {
                other.value[at - pack.key.count] ^= 1 << (at % 8)
            }
            try change(rig) {
                $0.delete(pack.key, in: AuditFamilies.entries)
                $0.put(other.value, for: other.key, in: AuditFamilies.entries)
            }
            #expect(try !rig.verify().isSound, "byte \(at)")
            try change(rig) {
                $0.delete(other.key, in: AuditFamilies.entries)
                $0.put(pack.value, for: pack.key, in: AuditFamilies.entries)
            }
        }
        #expect(try rig.verify().isSound)
    }

    @Test("are split only where they are whole") func splitting() {
        let pack: [UInt8] = [0, 0, 0, 2, 7, 8, 0, 0, 0, 1, 9]
        #expect(EntryPacker.split(pack[...], count: 2).map { $0.map { Array($0) } } == [[7, 8], [9]])
        #expect(EntryPacker.split(pack[...], count: 1) == nil)
        #expect(EntryPacker.split(pack[...], count: 3) == nil)
        for length in 0..<pack.count { #expect(EntryPacker.split(pack.prefix(length), count: 2) == nil) }
        #expect(EntryPacker.split([0xFF, 0xFF, 0xFF, 0xFF, 1][...], count: 1) == nil)
    }
}
