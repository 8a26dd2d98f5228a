import Learners

/// What is kept of one tool beside the models of all.
struct ToolRecord: Sendable {
    /// From so many results on, those that are stranger than all before are told.
    static let fewestResults: UInt64 = 30
    private static let leastBits: Float = 100
    private static let margin: Float = 1.25
    /// So many strange results in a row are no foreign text but another kind of result.
    private static let mostStrange: UInt64 = 4

    var calls: UInt64 = 0
    var lastMicroseconds: UInt64 = 0
    /// Who called it last.
    var caller = ""
    /// nil for tools that came too late to have any.
    var streams: ToolStreams?
    /// Results that were learned.
    private(set) var results: UInt64 = 0
    private var highest: Float = 0
    private var strange: UInt64 = 0
    /// Whether it is to be published.
    var isChanged = false

    /// Whether enough was learned to tell foreign text from any other.
    var isKnown: Bool { results >= Self.fewestResults }

    /// Whether a result is stranger than all before, and whether it is to be learned.
    ///
    /// What is strange is not learned, so that text which somebody slips in again and again stays foreign;
    /// unless results go on like that.
    mutating func judge(bits: Float) -> (isStrange: Bool, isLearned: Bool) {
        let isStrange = isKnown && bits >= Self.leastBits && bits > Self.margin * highest
        strange = isStrange ? strange + 1 : 0
        let isLearned = !isStrange || strange >= Self.mostStrange
        if isLearned {
            results += 1
            highest = max(highest, bits)
        }
        return (isStrange, isLearned)
    }
}

extension ToolRecord {
    func save(to encoder: inout ByteEncoder) {
        for number in [calls, lastMicroseconds, results, strange] { encoder.write(number) }
        encoder.write(highest)
        encoder.write(Array(caller.utf8))
        encoder.write((streams == nil ? 0 : 1) as UInt64)
        streams?.save(to: &encoder)
    }

    /// nil from bytes that none wrote.
    init?(restoring decoder: inout ByteDecoder) {
        guard let calls = decoder.integer(upTo: 1 << 62), let last = decoder.integer(),
            let results = decoder.integer(upTo: 1 << 62), let strange = decoder.integer(upTo: 1 << 62),
            let highest = decoder.float(), let caller = decoder.name(),
            let hasStreams = decoder.integer(upTo: 1)
        else { return nil }
        (self.calls, lastMicroseconds, self.results, self.strange) = (calls, last, results, strange)
        (self.highest, self.caller) = (highest, caller)
        if hasStreams == 1 {
            guard let read = ToolStreams(restoring: &decoder) else { return nil }
            streams = read
        }
    }

    /// Forgets what results were like.
    mutating func forgetResults() { (results, highest, strange) = (0, 0, 0) }
}
