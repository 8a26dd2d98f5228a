import Identifiers
import Sessions
import Wire

/// The way back to the client that sent one request. Confined to the loop that the request came in on.
protocol Reply: AnyObject, Sendable {
    /// False while the client reads more slowly than messages come; progress is then dropped or held
    /// upstream.
    var isWritable: Bool { get }
    /// Sends a message that belongs to the request ahead of its answer.
    func notify(_ message: [UInt8])
    /// Sends a request of the server, which a slow reader must not miss.
    func ask(_ message: [UInt8])
    /// Sends the answer and ends the reply; further calls are ignored.
    /// - Parameter status: the HTTP status, where the client came by HTTP.
    func answer(_ message: [UInt8], status: Int, callID: CallID)
    /// Ends the reply without an answer, because the client cancelled its request.
    func drop()
    /// Whether a client that left may come back and read on.
    var isResumable: Bool { get }
    /// The client's connection broke.
    func clientLeft()
    /// Whether nobody reads here, at least for now.
    var isDeserted: Bool { get }
}

extension Reply {
    var isResumable: Bool { false }
    func clientLeft() {}
    var isDeserted: Bool { false }
}

/// Answers on a stream that the client keeps open: a line connection or the stream of the 2024-11-05
/// transport.
final class StreamReply: Reply {
    private let stream: ClientStream

    init(_ stream: ClientStream) { self.stream = stream }

    var isWritable: Bool { stream.isWritable }

    func notify(_ message: [UInt8]) { stream.send(message, isDroppable: true) }

    func ask(_ message: [UInt8]) { stream.send(message, isDroppable: false) }

    func answer(_ message: [UInt8], status: Int, callID: CallID) {
        stream.send(message, isDroppable: false)
    }

    func drop() {}
}

/// Gathers the answers of a 2025-03-26 batch into one array.
final class BatchReply: Reply, @unchecked Sendable {
    // Proof of Sendable: confined to one loop, as the protocol says.
    private let target: any Reply
    private let limits: ScanLimits
    private var missing: Int
    private var answers: [UInt8] = [UInt8(ascii: "[")]
    private var callID: CallID?

    /// - Parameters:
    ///   - count: how many answers the batch will have; at least 1.
    ///   - limits: of the whole array; an answer that does not fit becomes an error.
    init(_ target: any Reply, count: Int, limits: ScanLimits) {
        self.target = target
        self.limits = limits
        missing = count
    }

    var isWritable: Bool { target.isWritable }

    func notify(_ message: [UInt8]) { target.notify(message) }

    func ask(_ message: [UInt8]) { target.ask(message) }

    func answer(_ message: [UInt8], status: Int, callID: CallID) {
        guard missing > 0 else { return }
        if answers.count > 1 { answers.append(UInt8(ascii: ",")) }
        let fits = answers.count + message.count < limits.maxBytes
        answers.append(contentsOf: fits ? message : tooLarge(message))
        oneLess(callID)
    }

    private func tooLarge(_ message: [UInt8]) -> [UInt8] {
        let id = (try? Scanner.scan(message, limits: limits)).map { Array(message[$0.id.range]) }
        let error = RPCError(
            code: ErrorCode.messageTooLarge,
            message: "The answers of the batch exceed \(limits.maxBytes) bytes together")
        return error.answer(id: id)
    }

    func drop() {
        guard missing > 0 else { return }
        oneLess(nil)
    }

    private func oneLess(_ callID: CallID?) {
        if let callID { self.callID = callID }
        missing -= 1
        guard missing == 0 else { return }
        guard answers.count > 1, let callID = self.callID else { return target.drop() }
        answers.append(UInt8(ascii: "]"))
        target.answer(answers, status: 200, callID: callID)
    }
}
