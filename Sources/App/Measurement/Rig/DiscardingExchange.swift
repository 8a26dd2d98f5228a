import Sessions

/// An HTTP exchange whose answer is counted and dropped.
final class DiscardingExchange: HTTPExchange {
    /// What came of many exchanges.
    final class Tally {
        var answers = 0
        var bytes = 0
        /// Kept while `keepsLast`, which costs a copy.
        var last: HTTPAnswer?
        var keepsLast = true
    }

    let loop: any Loop
    var attachment: AnyObject?
    private let tally: Tally

    init(_ loop: any Loop, _ tally: Tally) {
        self.loop = loop
        self.tally = tally
    }

    var isWritable: Bool { true }

    func answer(_ answer: HTTPAnswer) {
        tally.answers += 1
        tally.bytes += answer.body.count
        if tally.keepsLast { tally.last = answer }
        attachment = nil
    }

    func beginStream(_ headers: HTTPAnswer.Headers) {}
    func event(name: StaticString?, id: String?, retryMilliseconds: Int?, data: [UInt8]) {}
    func comment(_ text: StaticString) {}
    func endStream() { attachment = nil }
}
