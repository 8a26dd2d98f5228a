import Learners
import TestSupport
import Testing

@Suite("Call statistics") struct CallStatisticsTests {
    static func calls(_ random: inout SeededGenerator) -> [CallStatistics.Call] {
        (0..<Int.random(in: 1...500, using: &random)).map { _ in
            CallStatistics.Call(
                durationMicroseconds: .random(in: 100...100_000, using: &random),
                upstreamMicroseconds: .random(in: 0...90_000, using: &random),
                queueMicroseconds: .random(in: 0...50, using: &random),
                requestBytes: .random(in: 0...1000, using: &random),
                resultBytes: .random(in: 0...10_000, using: &random),
                isError: Int.random(in: 0..<4, using: &random) == 0,
                startMicroseconds: .random(in: 0...1_000_000, using: &random))
        }
    }

    static func bytes(_ statistics: CallStatistics) -> [UInt8] {
        var encoder = ByteEncoder()
        statistics.save(to: &encoder)
        return encoder.bytes
    }

    @Test("Calls, errors and bytes are counted exactly", arguments: 1...20)
    func counts(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let calls = Self.calls(&random)
        var statistics = CallStatistics()
        for call in calls { statistics.insert(call, second: 1) }
        #expect(statistics.calls == UInt64(calls.count))
        #expect(statistics.errors == UInt64(calls.count { $0.isError }))
        #expect(statistics.requestBytes == calls.reduce(0) { $0 + $1.requestBytes })
        #expect(statistics.resultBytes == calls.reduce(0) { $0 + $1.resultBytes })
        #expect(statistics.latestMicroseconds == calls.map(\.startMicroseconds).max())
        #expect(statistics.durations.count == statistics.calls)
    }

    @Test("Restored in the middle, they end as if they had never been saved", arguments: 1...20)
    func restoring(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let calls = Self.calls(&random)
        let cut = Int.random(in: 0...calls.count, using: &random)
        var whole = CallStatistics()
        var first = CallStatistics()
        for (index, call) in calls.enumerated() {
            whole.insert(call, second: UInt64(index / 50))
            if index < cut { first.insert(call, second: UInt64(index / 50)) }
        }
        var decoder = ByteDecoder(Self.bytes(first))
        var second = try #require(CallStatistics(restoring: &decoder))
        #expect(decoder.isAtEnd)
        for index in cut..<calls.count { second.insert(calls[index], second: UInt64(index / 50)) }
        #expect(Self.bytes(second) == Self.bytes(whole), "seed \(seed)")
    }

    @Test("Merged statistics count both", arguments: 1...20)
    func merging(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let (some, more) = (Self.calls(&random), Self.calls(&random))
        var (a, b) = (CallStatistics(), CallStatistics())
        for call in some { a.insert(call, second: 1) }
        for call in more { b.insert(call, second: 1) }
        a.merge(b)
        #expect(a.calls == UInt64(some.count + more.count))
        #expect(a.durations.count == a.calls)
        #expect(a.errors == UInt64((some + more).count { $0.isError }))
    }

    @Test("Damaged bytes never stop the program", arguments: 1...200)
    func damage(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        var statistics = CallStatistics()
        for call in Self.calls(&random) { statistics.insert(call, second: 3) }
        var bytes = Self.bytes(statistics)
        for _ in 0..<Int.random(in: 1...6, using: &random) {
            bytes[Int.random(in: 0..<bytes.count, using: &random)] = .random(in: 0...255, using: &random)
        }
        var decoder = ByteDecoder(bytes)
        guard var restored = CallStatistics(restoring: &decoder) else { return }
        restored.insert(CallStatistics.Call(durationMicroseconds: 5), second: 4)
        #expect(restored.durations.quantile(0.5) != nil)
    }
}
