import TestSupport
import Testing

@testable import Parquet

/// What other programs read of whole files is tested end to end, with files of ParquetFixture.
@Suite("Parquet") struct ParquetTests {
    private struct Refusal: Error, Equatable { var call: Int }

    @Test("numbers as runs and packed groups are those of the format's own examples") func hybrid() {
        var run: [UInt8] = []
        HybridRuns.append([UInt32](repeating: 4, count: 100)[...], width: 3, to: &run)
        #expect(run == [0xC8, 0x01, 0x04])
        var packed: [UInt8] = []
        HybridRuns.append([0, 1, 2, 3, 4, 5, 6, 7], width: 3, to: &packed)
        #expect(packed == [0x03, 0x88, 0xC6, 0xFA])
        #expect([0, 1, 255, 256].map(HybridRuns.width) == [0, 1, 8, 9])
    }

    @Test("runs and packed groups of any numbers are read back", arguments: 1...40) func hybridBack(
        seed: UInt64
    ) throws {
        var generator = SeededGenerator(seed: seed)
        let width = Int.random(in: 1...20, using: &generator)
        var values: [UInt32] = []
        while values.count < 500 {
            let value = UInt32.random(in: 0..<(1 << UInt32(width)), using: &generator)
            values += [UInt32](repeating: value, count: Int.random(in: 1...30, using: &generator))
        }
        values.removeLast(Int.random(in: 0..<values.count, using: &generator))
        var bytes: [UInt8] = []
        HybridRuns.append(values[...], width: width, to: &bytes)
        #expect(Reading.hybrid(bytes, width: width, count: values.count) == values, "seed \(seed)")
    }

    @Test("what Snappy's format takes back is what was compressed", arguments: 1...60) func snappy(
        seed: UInt64
    ) throws {
        var generator = SeededGenerator(seed: seed)
        var bytes: [UInt8] = []
        let length = generator.pick([0, 1, 3, 70, 5000, 65_536, 200_000])
        while bytes.count < length {
            switch Int.random(in: 0..<4, using: &generator) {
            case 0: bytes += generator.bytes(Int.random(in: 1...3000, using: &generator))
            case 1: bytes += [UInt8](repeating: 7, count: Int.random(in: 1...300, using: &generator))
            default:
                guard !bytes.isEmpty else { continue }
                let start = Int.random(in: 0..<bytes.count, using: &generator)
                let end = start + Int.random(in: 1...90, using: &generator)
                bytes += Array(bytes[start..<min(bytes.count, end)])
            }
        }
        bytes.removeLast(bytes.count - length)
        let compressed = SnappyBlock.compressed(bytes)
        #expect(Reading.snappy(compressed) == bytes, "seed \(seed)")
        // The format's own bound.
        #expect(compressed.count <= 32 + bytes.count + bytes.count / 6)
    }

    @Test("a repeating text takes little") func size() {
        let text = Array(String(repeating: "{\"content\":[]}", count: 5000).utf8)
        #expect(SnappyBlock.compressed(text).count < text.count / 15)
    }

    @Test("a failure of the sink ends the writing, at whichever call it comes") func failures() throws {
        func write(failingAt: Int) throws(Refusal) -> Int {
            var calls = 0
            var limits = ParquetLimits()
            limits.groupRows = 10
            var writer = ParquetWriter<Refusal>(
                [ParquetColumn("a", .integer), ParquetColumn("b", .text, isOptional: true)], program: "test",
                limits: limits
            ) { _ throws(Refusal) in
                calls += 1
                if calls == failingAt { throw Refusal(call: calls) }
            }
            for row in 0..<35 { try writer.append([.integer(Int64(row)), .absent]) }
            try writer.finish()
            return calls
        }
        let calls = try write(failingAt: 0)
        #expect(calls == 1 + 4 * 2 + 1)
        for call in 1...calls {
            #expect(throws: Refusal(call: call)) { try write(failingAt: call) }
        }
    }

    @Test("what is held is bounded by rows and by bytes") func bounds() {
        var limits = ParquetLimits()
        limits.groupBytes = 4096
        limits.dictionaryEntries = 0
        var largest = 0
        var writer = ParquetWriter<Never>([ParquetColumn("t", .text)], program: "test", limits: limits) {
            largest = max(largest, $0.count)
        }
        var generator = SeededGenerator(seed: 4)
        for _ in 0..<2000 { writer.append([.text(generator.bytes(100))]) }
        writer.finish()
        #expect(largest > 4096 && largest < 2 * 4096 + 16_384)
    }
}
