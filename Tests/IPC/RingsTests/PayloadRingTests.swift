import Rings
import SharedMemory
import TestSupport
import Testing

@Suite("Payload rings") struct PayloadRingTests {
    @Test(
        "A payload is found as long as it is not overwritten, and then it is not",
        arguments: 1...50 as ClosedRange<UInt64>)
    func contents(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let capacity = generator.pick([4096, 4160, 8192])
        let segment = try RingSegment(RingSegment.plan(payloadBytes: UInt64(capacity)))
        var writer = try PayloadRingWriter(segment.writable(.payloadRing))
        let reader = try PayloadRingReader(segment.section(.payloadRing))
        var written: [(position: UInt64, bytes: [UInt8])] = []
        for _ in 0..<300 {
            let first = generator.bytes(Int.random(in: 0...300, using: &generator))
            let second = generator.bytes(Int.random(in: 0...300, using: &generator))
            let position = writer.append(first.span, second.span)
            #expect(
                (position == nil)
                    == (first.isEmpty && second.isEmpty || first.count + second.count > capacity / 8))
            if let position { written.append((position, first + second)) }
            guard generator.chance(30) else { continue }
            writer.flush()
            for (position, bytes) in written.suffix(40) {
                var found: [UInt8] = []
                let isThere = reader.read(at: position, bytes: bytes.count, into: &found)
                #expect(isThere == (reader.published - position <= capacity), "seed \(seed) at \(position)")
                #expect(found == (isThere ? bytes : []), "seed \(seed) at \(position)")
            }
        }
        #expect(written.count > 100)
    }

    @Test("Positions that no writer gave are answered with nothing") func foreign() throws {
        let segment = try RingSegment()
        var writer = try PayloadRingWriter(segment.writable(.payloadRing))
        let reader = try PayloadRingReader(segment.section(.payloadRing))
        let bytes = [UInt8](repeating: 7, count: 100)
        _ = writer.append(bytes.span, bytes.span)
        writer.flush()
        for (position, count) in [
            (0, 0), (0, -1), (0, Int.max), (0, 4096), (3, 8), (8, 200), (4088, 16), (UInt64.max, 8),
            (UInt64.max - 7, 8), (4096, 8),
        ] as [(UInt64, Int)] {
            var found: [UInt8] = []
            #expect(!reader.read(at: position, bytes: count, into: &found))
            #expect(found.isEmpty)
        }
        var found: [UInt8] = []
        #expect(reader.read(at: 0, bytes: 200, into: &found))
        #expect(found == bytes + bytes)
    }
}
