/// How far a second expert is trusted beside the first: a share of each prediction, learned by gradient.
///
/// `p = (1 - a) p1 + a p2` with `a = 1 / (1 + exp(-t))` and one `t` for each state of knowledge.
struct ExpertGate: Sendable, Equatable {
    static let states = 3
    private static let rate: Float = 0.5

    private var values = [Float](repeating: -1, count: states)

    /// The share of the second expert.
    func share(_ state: Int) -> Float { 1 / (1 + Transcendental.exponential(-values[state])) }

    /// Steps up the gradient of the log of what both gave to what came.
    mutating func learn(_ state: Int, first: Float, second: Float) {
        let share = share(state)
        let mixed = (1 - share) * first + share * second
        guard mixed > 0 else { return }
        let step = Self.rate * (second - first) * share * (1 - share) / mixed
        values[state] = min(max(values[state] + step, -8), 8)
    }
}

extension ExpertGate {
    func save(to encoder: inout ByteEncoder) { for value in values { encoder.write(value) } }

    /// Reads a gate; nil from bytes that none wrote.
    init?(restoring decoder: inout ByteDecoder) {
        self.init()
        for state in 0..<Self.states {
            guard let value = decoder.float(), value.magnitude <= 8 else { return nil }
            values[state] = value
        }
    }
}
