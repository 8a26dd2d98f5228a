/// The metrics of the first 100, 200, 500, 1,000, 2,000 … scored rows, where they are asked for.
struct LearningCurve: Sendable {
    private let isKept: Bool
    private var next = 100
    private(set) var points: [CurvePoint] = []

    init(_ options: EvaluationOptions) { isKept = options.hasCurve }

    /// Keeps the metrics if a mark is reached, and asks for them only then.
    /// - Parameter rows: that were scored so far.
    mutating func note(_ rows: Int, _ metrics: () -> EvaluationMetric.Values) {
        guard isKept, rows >= next else { return }
        points.append(CurvePoint(rows: rows, metrics: metrics()))
        while next <= rows { next = Self.following(next) }
    }

    /// The marks up to a number of rows; none where no curve is asked for.
    static func marks(_ rows: Int, _ options: EvaluationOptions) -> [Int] {
        guard options.hasCurve else { return [] }
        return Array(sequence(first: 100) { following($0) }.prefix { $0 <= rows })
    }

    /// What comes after 1, 2 or 5 times a power of ten.
    private static func following(_ mark: Int) -> Int {
        String(mark).first == "2" ? mark / 2 * 5 : mark * 2
    }
}
