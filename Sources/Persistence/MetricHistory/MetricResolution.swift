/// How fine a time series is.
package enum MetricResolution: UInt8, Sendable, CaseIterable, Comparable {
    case second = 0
    case minute = 1
    case hour = 2

    /// Of one point.
    package var seconds: UInt64 {
        switch self {
        case .second: 1
        case .minute: 60
        case .hour: 3600
        }
    }

    /// Of one frame, which is what is written at once.
    var frameSeconds: UInt64 { self == .second ? 10 : seconds }

    /// How long it is kept, in seconds: three hours, a week, 400 days.
    package var retention: UInt64 {
        switch self {
        case .second: 3 * 3600
        case .minute: 7 * 86_400
        case .hour: 400 * 86_400
        }
    }

    /// What it is made of.
    var finer: MetricResolution? { MetricResolution(rawValue: rawValue &- 1) }
    var coarser: MetricResolution? { MetricResolution(rawValue: rawValue &+ 1) }

    package static func < (left: MetricResolution, right: MetricResolution) -> Bool {
        left.rawValue < right.rawValue
    }

    /// The start of the frame that a second is in.
    func frame(of second: UInt64) -> UInt64 { second - second % frameSeconds }
}
