import Foundation

/// The standard profile of the Numenta Anomaly Benchmark: detections count by when they come in a window.
///
/// `score = sum over windows of the best detection's A, or -1 without one, + 0.11 * sum of A over others`,
/// `A(y) = 2 / (1 + exp(5 y)) - 1`, where `y` runs from -1 to 0 within a window (there `A` is divided by
/// `A(-1)`) and on in widths of the latest window behind it; before any window, and more than three widths
/// behind one, `A = -1`. The first 15 % of a series, and at most 750 values, are not scored. The threshold
/// is the one that is best over all series together, and the result is 100 for a perfect detector and 0 for
/// one that never detects (Lavin, Ahmad: "Evaluating real-time anomaly detection algorithms - the Numenta
/// Anomaly Benchmark", ICMLA 2015, section II; `nab/sweeper.py` of NAB 1.1).
struct WindowScore: Sendable {
    private static let falsePositiveWeight = 0.11
    private static let probation = (share: 0.15, mostValues: 5000)

    /// A detection at any threshold up to its score.
    private struct Candidate {
        var score: Float
        /// The window that it is in, counted over all series.
        var window: Int?
        var worth: Double
    }

    private var candidates: [Candidate] = []
    private var windows = 0
    /// Values that were scored.
    private(set) var count = 0

    /// How many values of a series come before those that are scored.
    static func probation(of count: Int) -> Int {
        Int(probation.share * Double(min(count, probation.mostValues)))
    }

    /// Takes a series.
    /// - Parameter scores: one a value; above 0 where something could be detected.
    mutating func insert(scores: [Float], windows spans: [ClosedRange<Int>]) {
        let start = Self.probation(of: scores.count)
        count += scores.count - start
        var next = 0
        for index in start..<scores.count {
            while next < spans.count, spans[next].upperBound < index { next += 1 }
            guard scores[index] > 0 else { continue }
            let isInside = next < spans.count && spans[next].contains(index)
            let worth =
                isInside
                ? Self.worth(of: index, in: spans[next])
                : Self.falsePositiveWeight * Self.worth(of: index, behind: next > 0 ? spans[next - 1] : nil)
            candidates.append(
                Candidate(score: scores[index], window: isInside ? windows + next : nil, worth: worth))
        }
        windows += spans.count
    }

    /// The result at the best threshold, and that threshold; nil without any window.
    var best: (result: Double, threshold: Float)? {
        guard windows > 0 else { return nil }
        var caught = [Double](repeating: -1, count: windows)
        var (total, found) = (-Double(windows), (sum: -Double(windows), threshold: Float.infinity))
        let ordered = candidates.sorted { $0.score > $1.score }
        for (number, candidate) in ordered.enumerated() {
            if let window = candidate.window {
                total += max(0, candidate.worth - caught[window])
                caught[window] = max(caught[window], candidate.worth)
            } else {
                total += candidate.worth
            }
            let isLast = number + 1 == ordered.count || ordered[number + 1].score < candidate.score
            if isLast, total > found.sum { found = (total, candidate.score) }
        }
        return (100 * (found.sum / Double(windows) + 1) / 2, found.threshold)
    }

    var metrics: EvaluationMetric.Values { best.map { [(.nabStandard, $0.result)] } ?? [] }

    private static func worth(of index: Int, in window: ClosedRange<Int>) -> Double {
        sigmoid(-Double(window.upperBound - index + 1) / Double(window.count)) / sigmoid(-1)
    }

    private static func worth(of index: Int, behind window: ClosedRange<Int>?) -> Double {
        guard let window else { return -1 }
        let distance = Double(index - window.upperBound) / Double(max(1, window.count - 1))
        return distance > 3 ? -1 : sigmoid(distance)
    }

    private static func sigmoid(_ y: Double) -> Double { 2 / (1 + exp(5 * y)) - 1 }
}
