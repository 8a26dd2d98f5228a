/// What the learner has done, since the gateway's start.
package struct LearnerCounts: Sendable, Equatable {
    /// Observation records that were taken into account.
    package var records: UInt64 = 0
    /// Records that were read whole and hold what no gateway writes.
    package var rejected: UInt64 = 0
    /// Records whose names are not known; their calls are missing from the statistics of tools.
    package var unnamed: UInt64 = 0
    /// Records that were overwritten before they were read.
    package var lost: UInt64 = 0
    /// Messages of Python programs that were carried out.
    package var commands: UInt64 = 0
    /// Messages that were refused: too large, not what their kind says, or out of their bounds.
    package var refusedCommands: UInt64 = 0
    /// Messages that were damaged or overwritten.
    package var lostCommands: UInt64 = 0
    package var predictions: UInt64 = 0
    /// Calls that were taken from the journal: those that the rings of this gateway had lost, which count as
    /// records too, and those of earlier gateways.
    package var recovered: UInt64 = 0

    static let fields: [any WritableKeyPath<Self, UInt64> & Sendable] = [
        \.records, \.rejected, \.unnamed, \.lost, \.commands, \.refusedCommands, \.lostCommands,
        \.predictions, \.recovered,
    ]

    package init() {}
}
