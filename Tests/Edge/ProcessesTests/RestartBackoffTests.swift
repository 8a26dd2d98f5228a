import Processes
import Testing

@Suite("The restart back-off")
struct RestartBackoffTests {
    /// Draws the upper end of every range. Small values would not do: unbiased drawing rejects them for ever.
    struct Edge: RandomNumberGenerator {
        var value: UInt64
        mutating func next() -> UInt64 { value }
    }

    @Test("the bound doubles from 100 ms to 30 s")
    func doubles() {
        var backoff = RestartBackoff()
        var edge = Edge(value: .max)
        var bounds: [Duration] = []
        for _ in 0..<12 { bounds.append(backoff.ended(at: .zero, using: &edge)) }
        let expected: [Double] = [0.1, 0.2, 0.4, 0.8, 1.6, 3.2, 6.4, 12.8, 25.6, 30, 30, 30]
        for (bound, seconds) in zip(bounds, expected) {
            #expect(abs(bound / .seconds(1) - seconds) < 0.001)
        }
    }

    @Test("the pause is anywhere between nothing and the bound")
    func jitter() {
        var random = SplitMix(seed: 7)
        var pauses: [Double] = []
        for _ in 0..<1000 {
            var fresh = RestartBackoff()
            pauses.append(fresh.ended(at: .zero, using: &random) / .milliseconds(100))
        }
        #expect(pauses.allSatisfy { (0...1).contains($0) })
        #expect(pauses.contains { $0 < 0.01 } && pauses.contains { $0 > 0.99 }, "seed 7")
        #expect(abs(pauses.reduce(0, +) / 1000 - 0.5) < 0.05, "seed 7")
    }

    @Test("a minute of uptime forgets earlier failures; a shorter run does not")
    func resets() {
        var edge = Edge(value: .max)
        var backoff = RestartBackoff()
        var now = Duration.seconds(1000)
        for _ in 0..<5 {
            backoff.started(at: now)
            now += .seconds(59)
            _ = backoff.ended(at: now, using: &edge)
        }
        #expect(backoff.failures == 5)
        backoff.started(at: now)
        now += .seconds(60)
        #expect(backoff.ended(at: now, using: &edge) <= .milliseconds(101))
        #expect(backoff.failures == 1)
    }

    @Test("an end without a start counts as a failure, however much time passed")
    func failedLaunch() {
        var edge = Edge(value: .max)
        var backoff = RestartBackoff()
        for hour in 0..<3 { _ = backoff.ended(at: .seconds(3600 * hour), using: &edge) }
        #expect(backoff.failures == 3)
    }

    @Test("any number of failures is survived")
    func many() {
        var edge = Edge(value: .max)
        var backoff = RestartBackoff()
        for _ in 0..<10_000 { #expect(backoff.ended(at: .zero, using: &edge) <= .seconds(30)) }
    }
}

/// A small seeded generator (S. Vigna, SplitMix64).
struct SplitMix: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) {
        state = seed
    }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = (state ^ (state >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
