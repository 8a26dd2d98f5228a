import Learners
import Patterns

/// The sessions of a trace with the waits that a seed gives, played by policies.
///
/// The mean wait of a tool is `exp(z)` seconds, `z` normal (a sum of twelve even numbers), and known to all
/// policies; the wait of a call is 0.5 to 1.5 times that, evenly. A prefetched call that comes next saves its
/// wait, and each prefetch costs `cost` seconds; a session may make `budget` of them.
struct PrefetchGame: Sendable {
    static let budget = 3
    static let cost: Float = 0.3

    struct Session: Sendable {
        var moments: [PrefetchMoment] = []
        var hits: [Int?] = []
        /// What each call took.
        var waits: [Float] = []
    }

    /// Of the sessions that are learned from, and of those that are scored.
    let learned: [Session]
    let scored: [Session]

    /// - Parameter share: of the sessions that a hash with the seed gives to learn from; those that warm
    ///   always are.
    init(_ trace: PrefetchTrace, seed: UInt64, share: Double) {
        var (learned, scored): ([Session], [Session]) = ([], [])
        for (number, session) in trace.sessions.enumerated() {
            let isLearned = Self.even(seed, UInt64(number), 1) < share
            var played = Session()
            for (step, call) in session.calls.enumerated() {
                let guesses = call.guesses.map {
                    PrefetchMoment.Guess(
                        tool: $0.tool, probability: $0.probability, wait: Self.meanWait(seed, $0.tool))
                }
                played.moments.append(PrefetchMoment(step: step, latest: call.latest, guesses: guesses))
                played.hits.append(call.hit)
                let noise = Float(0.5 + Self.even(seed, UInt64(number), UInt64(step) &+ 2))
                played.waits.append(Self.meanWait(seed, call.tool) * noise)
            }
            if isLearned || !session.isScored { learned.append(played) } else { scored.append(played) }
        }
        (self.learned, self.scored) = (learned, scored)
    }

    /// The mean return of a scored session.
    /// - Parameter choose: how many guesses to prefetch, with what is left of the budget.
    func play(_ choose: (PrefetchMoment, Int) -> Int) -> Double {
        var sum = 0.0
        for session in scored {
            var left = Self.budget
            for (index, moment) in session.moments.enumerated() where left > 0 {
                let count = min(choose(moment, left), left, moment.guesses.count)
                left -= count
                sum -= Double(Self.cost) * Double(count)
                if let hit = session.hits[index], hit < count { sum += Double(session.waits[index]) }
            }
        }
        return sum / Double(max(1, scored.count))
    }

    private static func meanWait(_ seed: UInt64, _ tool: UInt64) -> Float {
        let sum = (0..<12 as Range<UInt64>).reduce(0.0) { $0 + even(seed, tool, $1 &+ 1 << 32) }
        return Transcendental.exponential(Float(sum - 6))
    }

    private static func even(_ seed: UInt64, _ a: UInt64, _ b: UInt64) -> Double {
        Double(HashMix.mix(HashMix.mix(seed, a), b) >> 11) / 9_007_199_254_740_992
    }
}
