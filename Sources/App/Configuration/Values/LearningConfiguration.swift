/// `[learning]`: where the learner runs and how it learns.
package struct LearningConfiguration: Sendable, Equatable {
    package enum Mode: String, Sendable, CaseIterable { case process, inline, external, off }

    /// What is kept on disk of a call's arguments and result.
    package enum Capture: String, Sendable, CaseIterable { case digest, full, none }

    /// What a call that was journaled outlives.
    package enum JournalWrites: String, Sendable, CaseIterable { case relaxed, durable }

    package var mode = Mode.process
    /// The path of the learner's socket; nil is one in the runtime directory.
    package var socket: ExpandedText?
    package var capture = Capture.digest
    package var journal = JournalWrites.relaxed
    /// The time between two commits of a model.
    package var modelUpdateInterval = Duration.seconds(30)
    /// The number of records in one update.
    package var batchRecords = 256
    /// Over 0, at most 1.
    package var learningRate = 0.01

    package init() {}
}
