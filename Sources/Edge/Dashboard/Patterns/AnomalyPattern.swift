import Wire

/// Something in the traffic that is not as it was so far: an item of `pattern/anomalies`.
package struct AnomalyPattern: Sendable, Equatable {
    /// What is unusual.
    package enum Kind: String, Sendable, CaseIterable {
        case result, session, latency, size, errors, sequence, drift
    }

    package var atMicroseconds: UInt64
    package var callID: String
    package var session: String
    package var server: String
    package var tool: String
    package var kind: Kind
    /// Where in the result, in bytes.
    package var bytes: Range<Int>?
    /// How surprising; of a result, a byte of the span.
    package var bits: Double?
    /// How unlikely: the share of usual calls that are as surprising.
    package var share: Double?
    /// One sentence.
    package var text: String

    init?(_ view: JSONView) {
        guard let kind = view["kind"]?.string.flatMap(Kind.init(rawValue:)) else { return nil }
        self.kind = kind
        atMicroseconds = PatternField(view["at_us"]).time
        callID = PatternField(view["call_id"]).text
        session = PatternField(view["session"]).text
        server = PatternField(view["server"]).text
        tool = PatternField(view["tool"]).text
        if let start = PatternField(view["start"]).place, let end = PatternField(view["end"]).place,
            start <= end
        {
            bytes = start..<end
        }
        bits = PatternField(view["bits"]).number
        share = PatternField(view["share"]).share
        text = PatternField(view["text"]).text
    }
}
