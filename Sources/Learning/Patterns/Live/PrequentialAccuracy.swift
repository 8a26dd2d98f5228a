import Learners

/// How good predictions of one task were, each of them made before what came was learned: means of some
/// measures over all of them and over the latest.
///
/// Memory: 4 bytes a measure for each of the latest `recentCalls`.
package struct PrequentialAccuracy: Sendable, Equatable {
    package static let recentCalls = 500
    private static let mostSum = 1e15

    private let measures: Int
    package private(set) var count: UInt64 = 0
    private var sums: [Double]
    /// The latest rows, in a ring.
    private var rows: [Float] = []

    package init(measures: Int) {
        self.measures = measures
        sums = [Double](repeating: 0, count: measures)
    }

    /// Takes the measures of one prediction, finite and at most 1000 in magnitude.
    mutating func insert(_ row: Float...) {
        for index in 0..<measures {
            let value = row[index].isFinite ? min(max(row[index], -1000), 1000) : 0
            sums[index] += Double(value)
            let place = Int(count % UInt64(Self.recentCalls)) * measures + index
            if place < rows.count { rows[place] = value } else { rows.append(value) }
        }
        count += 1
    }

    package var recentCount: Int { Int(min(count, UInt64(Self.recentCalls))) }

    /// The mean of a measure; 0 without any prediction.
    package func mean(_ measure: Int) -> Double { count == 0 ? 0 : sums[measure] / Double(count) }

    /// The mean of a measure over the latest predictions.
    package func recentMean(_ measure: Int) -> Double {
        guard recentCount > 0 else { return 0 }
        let values = stride(from: measure, to: rows.count, by: measures).map { Double(rows[$0]) }
        return values.reduce(0, +) / Double(values.count)
    }

    var memoryBytes: Int { measures * (8 + 4 * Self.recentCalls) }
}

extension PrequentialAccuracy {
    func save(to encoder: inout ByteEncoder) {
        encoder.write(count)
        for sum in sums { encoder.write(sum) }
        for value in rows { encoder.write(value) }
    }

    /// Reads what was counted; nil from bytes that none of as many measures wrote.
    init?(measures: Int, restoring decoder: inout ByteDecoder) {
        self.init(measures: measures)
        guard let count = decoder.integer(upTo: 1 << 40) else { return nil }
        self.count = count
        for index in 0..<measures {
            guard let sum = decoder.double(), sum.magnitude <= Self.mostSum else { return nil }
            sums[index] = sum
        }
        for _ in 0..<recentCount * measures {
            guard let value = decoder.float(), value.magnitude <= 1000 else { return nil }
            rows.append(value)
        }
    }
}
