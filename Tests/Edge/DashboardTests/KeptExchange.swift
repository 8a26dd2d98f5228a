import Sessions

/// An exchange that keeps what it was given.
final class KeptExchange: HTTPExchange {
    let manual = ManualLoop()
    var loop: any Loop { manual }
    var attachment: AnyObject?
    var isWritable = true
    private(set) var answered: HTTPAnswer?
    private(set) var events: [(name: String, data: String)] = []
    private(set) var hasStream = false

    func answer(_ answer: HTTPAnswer) { answered = answer }
    func beginStream(_ headers: HTTPAnswer.Headers) { hasStream = true }
    func event(name: StaticString?, id: String?, retryMilliseconds: Int?, data: [UInt8]) {
        events.append((name?.description ?? "", String(decoding: data, as: UTF8.self)))
    }
    func comment(_ text: StaticString) {}
    func endStream() {}

    var text: String { String(decoding: answered?.body ?? [], as: UTF8.self) }
}
