import Learners
import ModelHistory

/// What the learner needs of a version of its model.
package struct HeadVersion: Sendable {
    package var id: ObjectID
    package var version: UInt64
    /// When it was made, since 1970.
    package var microseconds: UInt64
    package var tools: ToolTable
    /// The parts that are patterns; none in a version of a learner without.
    package var patterns: [String: [UInt8]] = [:]
    /// Up to where the newest version that a learner made has read; nil if none did.
    package var positions: LearnerPositions?
}
