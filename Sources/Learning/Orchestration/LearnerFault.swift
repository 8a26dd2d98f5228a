import Rings
import SharedMemory
import SharedState

/// Why the learner can't work on a region.
package enum LearnerFault: Error, Sendable, Equatable {
    case segment(SegmentError)
    case ring(RingError)
    case table(StateTableLayoutError)
    /// A segment that is none of the kind it should be, or lacks a section.
    case incomplete(segment: String)
    /// The gateway granted other lanes than there are priorities.
    case lanes(Int)
}

extension LearnerFault: CustomStringConvertible {
    package var description: String {
        switch self {
        case .segment(let error): "\(error)"
        case .ring(let error): "a ring can't be used: \(error)"
        case .table(let error): "a state table can't be used: \(error)"
        case .incomplete(let segment): "the segment '\(segment)' is not what it should be"
        case .lanes(let count): "the gateway grants \(count) lanes, not \(LearnerSegment.laneCount)"
        }
    }
}
