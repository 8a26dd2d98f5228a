import Sessions

/// The client's side of one HTTP request: keeps what it is answered.
final class ClientExchange: HTTPExchange, @unchecked Sendable {
    // Proof of Sendable: as its world.
    let loop: any Loop
    var attachment: AnyObject?
    var isWritable = true
    /// A stream that may carry the answers to several requests.
    var isShared = false
    private(set) var answers: [HTTPAnswer] = []
    private(set) var streamHeaders: HTTPAnswer.Headers?
    private(set) var events: [JSONObject] = []
    private(set) var eventNames: [String] = []
    private(set) var rawEvents: [[UInt8]] = []
    private(set) var eventIDs: [String?] = []
    private(set) var retries: [Int?] = []
    /// The first event, if it had an id and no data.
    private(set) var primingID: String?
    private(set) var comments = 0
    private(set) var isOver = false
    /// Calls that the port's contract forbids.
    private(set) var violations: [String] = []
    private(set) var isGone = false

    init(loop: any Loop) { self.loop = loop }

    func answer(_ answer: HTTPAnswer) {
        check(loop.isCurrent, "answered on another loop")
        guard !isGone else { return }
        check(streamHeaders == nil && !isOver, "answered twice")
        answers.append(answer)
        end()
    }

    func beginStream(_ headers: HTTPAnswer.Headers) {
        guard !isGone else { return }
        check(streamHeaders == nil && !isOver, "a stream began late")
        streamHeaders = headers
    }

    func event(name: StaticString?, id: String?, retryMilliseconds: Int?, data: [UInt8]) {
        check(loop.isCurrent, "an event on another loop")
        guard !isGone else { return }
        check(streamHeaders != nil && !isOver, "an event outside a stream")
        if data.isEmpty {
            check(events.isEmpty && id != nil, "an empty event that does not prime the stream")
            primingID = id
            retries.append(retryMilliseconds)
            return
        }
        events.append(JSON.object(data))
        eventIDs.append(id)
        rawEvents.append(data)
        eventNames.append(name.map { "\($0)" } ?? "")
    }

    func comment(_ text: StaticString) { comments += 1 }

    func endStream() {
        check(loop.isCurrent, "a stream ended on another loop")
        guard !isGone else { return }
        check(streamHeaders != nil && !isOver, "a stream ended twice")
        end()
    }

    private func end() {
        isOver = true
        attachment = nil
    }

    /// The client goes away.
    func leave() {
        isGone = true
        isWritable = false
    }

    private func check(_ holds: Bool, _ text: String) { if !holds { violations.append(text) } }

    /// The JSON-RPC message that ends the request, if there is one.
    var response: JSONObject? {
        if let answer = answers.first { return answer.body.isEmpty ? nil : JSON.object(answer.body) }
        return events.last { $0["id"] != nil && $0["method"] == nil }
    }

    var status: Int? { answers.first?.status ?? (streamHeaders == nil ? nil : 200) }
    var callID: String? { answers.first?.headers.callID ?? streamHeaders?.callID }
    var sessionID: String? { answers.first?.headers.sessionID ?? streamHeaders?.sessionID }
    /// What the server asks of the client.
    var requests: [JSONObject] { events.filter { $0["id"] != nil && $0["method"] != nil } }
    var notifications: [JSONObject] { events.filter { $0["method"] != nil && $0["id"] == nil } }
    /// How many responses there were; more than one is an error of the gateway's.
    var responseCount: Int {
        answers.filter { !$0.body.isEmpty }.count
            + events.filter { $0["id"] != nil && $0["method"] == nil }.count
    }
}

/// A stdio client's connection: keeps the lines it is sent.
final class ClientLines: LineChannel, @unchecked Sendable {
    // Proof of Sendable: as its world.
    let loop: any Loop
    var isWritable = true
    private(set) var lines: [JSONObject] = []
    private(set) var rawLines: [[UInt8]] = []
    private(set) var isClosed = false
    private(set) var isPaused = false
    var receiver: (any LineReceiver)?

    init(loop: any Loop) { self.loop = loop }

    func write(_ message: [UInt8]) {
        guard !isClosed else { return }
        rawLines.append(message)
        lines.append(JSON.object(message))
    }

    func pauseReading(_ paused: Bool) { isPaused = paused }

    func close() {
        guard !isClosed else { return }
        isClosed = true
        loop.execute {
            self.receiver?.closed()
            self.receiver = nil
        }
    }

    /// What the server asks of the client.
    var requests: [JSONObject] { lines.filter { $0["id"] != nil && $0["method"] != nil } }

    func response(_ id: Int) -> JSONObject? { lines.first { $0["id"] as? Int == id && $0["method"] == nil } }
    func responses(_ id: Int) -> [JSONObject] {
        lines.filter { $0["id"] as? Int == id && $0["method"] == nil }
    }
}
