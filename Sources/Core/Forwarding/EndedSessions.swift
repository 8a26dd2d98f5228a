/// The numbers of sessions that ended here and must not be taken over again: bounded, the oldest go first.
struct EndedSessions {
    static let maxNumbers = 65_536

    private var numbers: Set<UInt64> = []
    /// The same, in the order of their ends, in a ring once it is full.
    private var order: [UInt64] = []
    private var oldest = 0

    func contains(_ number: UInt64) -> Bool { numbers.contains(number) }

    mutating func insert(_ number: UInt64) {
        guard numbers.insert(number).inserted else { return }
        guard order.count == Self.maxNumbers else { return order.append(number) }
        numbers.remove(order[oldest])
        order[oldest] = number
        oldest = (oldest + 1) % Self.maxNumbers
    }
}
