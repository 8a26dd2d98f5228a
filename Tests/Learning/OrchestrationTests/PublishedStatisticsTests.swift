import Learners
import Orchestration
import TestSupport
import Testing

@Suite("Published statistics") struct PublishedStatisticsTests {
    static func value(seed: UInt64) -> PublishedStatistics {
        var random = SeededGenerator(seed: seed)
        var statistics = CallStatistics()
        for _ in 0..<Int.random(in: 0...200, using: &random) {
            statistics.insert(
                CallStatistics.Call(
                    durationMicroseconds: .random(in: 1...1_000_000, using: &random),
                    upstreamMicroseconds: .random(in: 0...1000, using: &random),
                    isError: .random(using: &random)),
                second: .random(in: 1...4, using: &random))
        }
        return PublishedStatistics(statistics, second: 6)
    }

    @Test("A value is read back as it was written", arguments: 1...30) func roundTrip(seed: UInt64) {
        let value = Self.value(seed: seed)
        #expect(value.encoded.count == PublishedStatistics.bytes)
        #expect(PublishedStatistics(value.encoded) == value, "seed \(seed)")
    }

    @Test("The fields lie where the table of the layout says") func layout() {
        var statistics = CallStatistics()
        statistics.insert(
            CallStatistics.Call(
                durationMicroseconds: 300, upstreamMicroseconds: 200, requestBytes: 3, resultBytes: 4,
                isError: true, startMicroseconds: 0x0102_0304), second: 1)
        let value = PublishedStatistics(statistics, second: 9).encoded
        #expect(Array(value[0..<8]) == [1, 0, 0, 0, 160, 0, 0, 0])
        #expect(Array(value[8..<24]) == [1, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0])
        #expect(value[24] == 3 && value[32] == 4 && value[48] == 9)
        #expect(Array(value[40..<44]) == [4, 3, 2, 1])
        // 300.0 as a double.
        #expect(Array(value[88..<96]) == [0, 0, 0, 0, 0, 0xC0, 0x72, 0x40])
    }

    @Test("Values of other layouts and numbers that are none are refused") func refused() {
        let good = Self.value(seed: 1).encoded
        #expect(PublishedStatistics([]) == nil)
        #expect(PublishedStatistics(Array(good.dropLast())) == nil)
        #expect(PublishedStatistics([2] + good.dropFirst()) == nil)
        var infinite = good
        infinite.replaceSubrange(88..<96, with: [0, 0, 0, 0, 0, 0, 0xF0, 0x7F])
        #expect(PublishedStatistics(infinite) == nil)
    }
}
