/// How the learner looks for patterns.
package struct PatternSettings: Sendable, Equatable {
    /// What patterns may take of the model storage.
    package var bytes: Int
    /// The share of a core that they may take, over a second.
    package var processorShare: Double
    /// Whether texts of arguments and results may be kept in versions, as the operator says by
    /// `[learning] capture = "full"`.
    package var keepsTexts: Bool
    /// Whether not even their hashes may, as by `"none"`.
    package var keepsHashes: Bool

    /// What statistics of tools take of the model storage before patterns do.
    private static let statisticsBytes = 24 << 20

    /// - Parameter modelBytes: the model storage, of which statistics have at most half.
    package init(
        modelBytes: Int, processorShare: Double = LearningBudget.standardShare, keepsTexts: Bool = false,
        keepsHashes: Bool = true
    ) {
        bytes = modelBytes - min(modelBytes / 2, Self.statisticsBytes)
        self.processorShare = processorShare
        self.keepsTexts = keepsTexts
        self.keepsHashes = keepsHashes
    }
}
