/// When the learner publishes and saves, beside reading: a value that is told the time.
package struct LearnerSchedule: Sendable {
    /// Statistics and heartbeat.
    package static let publishing = Duration.milliseconds(250)
    package static let reporting = Duration.seconds(1)
    /// What a killed learner reads again at most, if the rings still hold it.
    package static let saving = Duration.seconds(2)

    private var nextPublish: UInt64 = 0
    private var nextReport: UInt64 = 0
    private var nextSave: UInt64

    package init(now: UInt64) { nextSave = now &+ Self.nanoseconds(Self.saving) }

    /// What is due, at a reading of CLOCK_MONOTONIC in nanoseconds that does not go back.
    package mutating func due(_ now: UInt64) -> (publish: Bool, report: Bool, save: Bool) {
        (
            Self.take(&nextPublish, now, Self.publishing), Self.take(&nextReport, now, Self.reporting),
            Self.take(&nextSave, now, Self.saving)
        )
    }

    private static func take(_ next: inout UInt64, _ now: UInt64, _ period: Duration) -> Bool {
        guard now >= next else { return false }
        next = now &+ nanoseconds(period)
        return true
    }

    private static func nanoseconds(_ duration: Duration) -> UInt64 {
        let (seconds, attoseconds) = duration.components
        return UInt64(clamping: seconds) * 1_000_000_000 + UInt64(clamping: attoseconds / 1_000_000_000)
    }
}
