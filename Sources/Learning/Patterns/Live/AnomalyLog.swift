import Learners

/// The latest anomalies, newest first, a bounded number, and how many there were of each kind.
package struct AnomalyLog: Sendable, Equatable {
    package static let most = 64

    package private(set) var items: [TrafficAnomaly] = []
    private var counts = [UInt64](repeating: 0, count: TrafficAnomaly.Kind.allCases.count)

    package init() {}

    /// How many there were at all.
    package var count: UInt64 { counts.reduce(0, &+) }

    /// How many there were of each kind.
    package var byKind: [(kind: TrafficAnomaly.Kind, count: UInt64)] {
        zip(TrafficAnomaly.Kind.allCases, counts).map { ($0, $1) }
    }

    mutating func insert(_ anomaly: TrafficAnomaly) {
        if items.count == Self.most { items.removeLast() }
        items.insert(anomaly, at: 0)
        if let place = TrafficAnomaly.Kind.allCases.firstIndex(of: anomaly.kind) { counts[place] += 1 }
    }

    func save(to encoder: inout ByteEncoder) {
        for count in counts { encoder.write(count) }
        encoder.write(UInt64(items.count))
        for item in items { item.save(to: &encoder) }
    }

    /// nil from bytes that none wrote.
    init?(restoring decoder: inout ByteDecoder) {
        for place in counts.indices {
            guard let count = decoder.integer(upTo: 1 << 40) else { return nil }
            counts[place] = count
        }
        guard let held = decoder.integer(upTo: UInt64(Self.most)) else { return nil }
        for _ in 0..<held {
            guard let item = TrafficAnomaly(restoring: &decoder) else { return nil }
            items.append(item)
        }
    }
}
