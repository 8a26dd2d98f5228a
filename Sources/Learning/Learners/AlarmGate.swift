/// Lets few of many surprises through as alarms.
///
/// `alarm if evidence >= level + recent, and within 200 values of an alarm also >= 2 * its evidence`; each
/// alarm adds one to `recent`, which forgets `1 / 5000` of itself with every value: a stream that alarms
/// often has to surprise more, and one event is told once.
///
/// Memory: 16 bytes.
package struct AlarmGate: Sendable, Equatable {
    /// Learned from the labelled series of NAB (see `docs/learning.md`).
    package static let standardLevel: Float = 19
    package static let quietValues: UInt64 = 200
    private static let repeatFactor: Float = 2
    private static let kept: Float = 1 - 1 / 5000
    private static let mostEvidence: Float = 1e6

    package let level: Float
    private var recent: Float = 0
    private var latest: Float = 0
    /// Values since the latest alarm, at most `quietValues`.
    private var silence = quietValues

    package init(level: Float = standardLevel) { self.level = level }

    /// Whether the next value's evidence is an alarm.
    package mutating func passes(_ evidence: Float) -> Bool {
        recent *= Self.kept
        silence = min(silence + 1, Self.quietValues)
        let bar = level + recent
        guard evidence >= (silence < Self.quietValues ? max(bar, Self.repeatFactor * latest) : bar) else {
            return false
        }
        (latest, silence) = (min(evidence, Self.mostEvidence), 0)
        recent += 1
        return true
    }
}

extension AlarmGate {
    package func save(to encoder: inout ByteEncoder) {
        encoder.write(recent)
        encoder.write(latest)
        encoder.write(silence)
    }

    /// Reads a gate; nil from bytes that none wrote.
    package init?(level: Float = standardLevel, restoring decoder: inout ByteDecoder) {
        guard let recent = decoder.float(), recent >= 0, recent <= 5001, let latest = decoder.float(),
            latest >= 0, latest <= Self.mostEvidence, let silence = decoder.integer(upTo: Self.quietValues)
        else { return nil }
        self.level = level
        (self.recent, self.latest, self.silence) = (recent, latest, silence)
    }
}
