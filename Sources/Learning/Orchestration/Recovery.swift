import Journal

/// What to ask the journal next, and what its answers mean: a value that is told the time.
///
/// Each call is taken once: a span begins behind what the state has, and shrinks from its front by the answer
/// that brought the calls.
struct Recovery {
    enum Request: Sendable, Equatable {
        /// The loops of gateways between two, which nobody here has read.
        case streams(after: UInt64, before: UInt64)
        case calls(RecoverySpan)
    }

    enum Finding: Sendable {
        case streams([JournalFollower.Stream])
        case calls(JournalFollower.Calls)
        /// The journal can't be read, for the reason.
        case failed(String)
    }

    struct Answer: Sendable {
        var request: Request
        var finding: Finding
    }

    static let mostSpans = 1024
    /// Calls that are looked up for one answer.
    static let mostCalls = 256
    /// Between two questions of which the first brought nothing, in nanoseconds.
    private static let pause: UInt64 = 1_000_000_000
    private static let longPause: UInt64 = 5_000_000_000
    /// How often the end of a gateway that has ended is met before it is believed: the journal may just be
    /// being opened by the next one.
    private static let believedEnds = 3
    /// How often what the running gateway lost is asked for in vain: its journal may be behind.
    private static let mostTries = 60

    let generation: UInt64
    private(set) var settled: UInt64
    private(set) var spans: [RecoverySpan]
    /// Whether earlier gateways are no concern yet: what is known of them may still be found.
    var isApart = false
    /// Why the journal can't be read; empty while it can.
    private(set) var fault = ""
    private var nextTime: UInt64 = 0
    private var asked: Request?

    init(_ positions: LearnerPositions) {
        generation = positions.generation
        settled = positions.settled
        spans = positions.spans
    }

    /// Whether there is nothing to be looked for.
    var isIdle: Bool { spans.isEmpty && !isUnsettled }

    private var isUnsettled: Bool { !isApart && generation > 0 && settled < generation - 1 }

    /// Adds what a ring of the running gateway has lost.
    mutating func add(_ loop: UInt16, _ lost: ClosedRange<UInt64>) {
        guard spans.count < Self.mostSpans else { return }
        if let last = spans.last, last.generation == generation, last.loop == loop,
            last.last == lost.lowerBound - 1, asked != .calls(last)
        {
            spans[spans.count - 1].last = lost.upperBound
        } else {
            spans.append(
                RecoverySpan(
                    generation: generation, loop: loop, next: lost.lowerBound, last: lost.upperBound))
        }
    }

    /// What to ask now; nil while an answer is awaited, or nothing is to be asked yet.
    mutating func request(now: UInt64) -> Request? {
        guard asked == nil, now >= nextTime else { return nil }
        if isUnsettled {
            asked = .streams(after: settled, before: generation)
        } else if let span = spans.first(where: { now >= $0.nextTime }) {
            asked = .calls(span)
        }
        return asked
    }

    /// - Returns: calls that are to be taken into account, all at once with what is remembered here.
    mutating func take(_ answer: Answer, now: UInt64) -> (calls: [JournaledCall], isOfRunning: Bool) {
        // What was asked before the state was another one says nothing.
        guard answer.request == asked else { return ([], false) }
        asked = nil
        switch (answer.request, answer.finding) {
        case (.streams, .streams(let streams)): take(streams)
        case (.calls(let span), .calls(let found)): return take(found, of: span, now)
        case (_, .failed(let reason)):
            fault = reason
            nextTime = now &+ Self.longPause
        default: break
        }
        return ([], false)
    }

    private mutating func take(_ streams: [JournalFollower.Stream]) {
        fault = ""
        for stream in streams where spans.count < Self.mostSpans {
            let isKnown = spans.contains { $0.generation == stream.generation && $0.loop == stream.loop }
            guard !isKnown, stream.generation > settled, stream.generation < generation else { continue }
            spans.append(RecoverySpan(generation: stream.generation, loop: stream.loop, next: 1))
        }
        settled = generation - 1
    }

    private mutating func take(
        _ found: JournalFollower.Calls, of span: RecoverySpan, _ now: UInt64
    ) -> (calls: [JournaledCall], isOfRunning: Bool) {
        fault = ""
        guard let index = spans.firstIndex(of: span), found.next >= span.next else { return ([], false) }
        spans[index].next = found.next
        spans[index].vainTries = found.next > span.next ? 0 : span.vainTries
        let isRunning = span.generation == generation
        if let last = span.last, found.next > last {
            spans.remove(at: index)
        } else if found.isAtEnd {
            spans[index].vainTries += 1
            spans[index].nextTime = now &+ Self.pause
            if spans[index].vainTries >= (isRunning ? Self.mostTries : Self.believedEnds) {
                spans.remove(at: index)
            }
        }
        return (found.calls, isRunning)
    }
}
