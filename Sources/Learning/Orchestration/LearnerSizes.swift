/// The sizes of the learner's segment, in bytes, as the gateway grants them.
package struct LearnerSizes: Sendable, Equatable {
    /// The contents of a command ring a lane, the most urgent first.
    package var laneBytes: [UInt64]
    package var tableBytes: UInt64

    package init(laneBytes: [UInt64], tableBytes: UInt64) {
        self.laneBytes = laneBytes
        self.tableBytes = tableBytes
    }
}
