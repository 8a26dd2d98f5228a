/// What `attune evaluate` was asked.
package struct EvaluationOptions: Sendable {
    package var data: [String] = []
    package var warm: [String] = []
    package var sessions: [String] = []
    /// The tools among which `retrieve` looks.
    package var catalog: [String] = []
    /// Nothing is learned after the warm part.
    package var isFrozen = false
    /// Only sessions without attack are learned first.
    package var cleanWarm = false
    package var leaveGroupOut = false
    package var seed: UInt64 = 0
    /// How many choices `bandit` makes with each of its seeds.
    package var rounds = 15_000
    /// What chooses in `bandit`.
    package var policy = BanditPolicy.thompson
    /// Whether the metrics after 100, 200, 500, 1,000 … rows are kept too.
    package var hasCurve = false
    /// Where a line a scored row is written.
    package var predictions: String?

    package init() {}
}
