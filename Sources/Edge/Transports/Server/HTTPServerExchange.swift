import NIOCore
import Sessions

/// The answer side of one HTTP request on a server connection.
final class HTTPServerExchange: HTTPExchange {
    private enum Phase { case unanswered, streaming, ended }

    let verb: HTTPRequest.Verb
    let isHTTP10: Bool
    /// The connection is closed after this answer.
    private(set) var closes: Bool
    private var phase = Phase.unanswered
    private let connectionLoop: NIOLoop
    /// nil once the exchange has ended or the client has gone.
    private var connection: HTTPServerConnection?
    /// Dropped when the exchange has ended, since what is attached often holds the exchange.
    var attachment: AnyObject?

    init(_ connection: HTTPServerConnection, _ head: CheckedHead, closes: Bool) {
        self.connection = connection
        connectionLoop = connection.loop
        verb = head.verb
        isHTTP10 = head.isHTTP10
        self.closes = closes
    }

    var loop: any Loop { connectionLoop }

    var isWritable: Bool { connection?.isWritable ?? false }

    func answer(_ answer: HTTPAnswer) {
        guard phase == .unanswered, let connection else { return }
        closes = closes || answer.closes || connection.isDraining
        let buffer = AnswerWriter.take(
            answer, isHead: verb == .head, isHTTP10: isHTTP10, closes: closes, from: connection.state)
        connection.write(buffer)
        connection.state.keepWriteBuffer(buffer)
        detach()
        connection.ended(self)
    }

    func beginStream(_ headers: HTTPAnswer.Headers) {
        guard phase == .unanswered, let connection else { return }
        phase = .streaming
        // Without chunks only the end of the connection can end the stream.
        closes = closes || isHTTP10 || connection.isDraining
        let buffer = AnswerWriter.takeStreamHead(
            headers, isHTTP10: isHTTP10, closes: closes, from: connection.state)
        connection.write(buffer)
        connection.state.keepWriteBuffer(buffer)
        if verb == .head { endStream() }
    }

    func event(name: StaticString?, id: String?, retryMilliseconds: Int?, data: [UInt8]) {
        stream(EventWriter.bytes(id: id, data: data)) { buffer in
            EventWriter.write(
                name: name, id: id, retryMilliseconds: retryMilliseconds, data: data, into: &buffer)
        }
    }

    func comment(_ text: StaticString) {
        stream(text.utf8CodeUnitCount + 16) { buffer in
            buffer.writeStaticString(": ")
            buffer.writeStaticString(text)
            buffer.writeStaticString("\n\n")
        }
    }

    func endStream() {
        guard phase == .streaming, let connection else { return }
        if !isHTTP10, verb != .head {
            var buffer = connection.state.takeWriteBuffer(8)
            buffer.writeStaticString("0\r\n\r\n")
            connection.write(buffer)
            connection.state.keepWriteBuffer(buffer)
        }
        detach()
        connection.ended(self)
    }

    /// Ends the exchange: every later call is ignored.
    func detach() {
        phase = .ended
        connection = nil
        attachment = nil
    }

    private func stream(_ bytes: Int, _ body: (inout ByteBuffer) -> Void) {
        guard phase == .streaming, let connection else { return }
        var buffer = connection.state.takeWriteBuffer(bytes)
        if isHTTP10 { body(&buffer) } else { EventWriter.writeChunk(into: &buffer, body) }
        connection.write(buffer)
        connection.state.keepWriteBuffer(buffer)
    }
}
