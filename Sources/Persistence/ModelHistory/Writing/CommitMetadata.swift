import Schemas

/// What is told of a version beside its parts.
public struct CommitMetadata: Sendable {
    public var author: String
    public var message: String
    /// In microseconds since 1970.
    public var microseconds: UInt64
    public var window: TrainingWindow
    public var seed: UInt64
    public var codeVersion: String
    public var metrics: [String: Double]
    /// What the version was judged with. The repository writes its number in, and the metrics if it has none.
    public var data: LearningData

    public init(
        author: String, message: String, microseconds: UInt64,
        window: TrainingWindow = TrainingWindow(from: 0, to: 0), seed: UInt64 = 0, codeVersion: String = "",
        metrics: [String: Double] = [:], data: LearningData = LearningData()
    ) {
        self.author = author
        self.message = message
        self.microseconds = microseconds
        self.window = window
        self.seed = seed
        self.codeVersion = codeVersion
        self.metrics = metrics
        self.data = data
    }

    /// - Throws: `tooLarge`, `malformedMetric`.
    func check() throws(HistoryError) {
        try HistoryError.check(.authorBytes, author.utf8.count, ModelLimits.authorBytes)
        try HistoryError.check(.messageBytes, message.utf8.count, ModelLimits.messageBytes)
        try HistoryError.check(.codeVersionBytes, codeVersion.utf8.count, ModelLimits.nameBytes)
        try HistoryError.check(.metrics, metrics.count, ModelLimits.metrics)
        for (name, value) in metrics where !value.isFinite || name.utf8.count > ModelLimits.nameBytes {
            throw .malformedMetric(name)
        }
    }
}
