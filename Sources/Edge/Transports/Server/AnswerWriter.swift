import NIOCore
import Sessions

/// Writes HTTP/1.1 answers and event streams as bytes.
enum AnswerWriter {
    /// The most bytes that a head takes besides its variable fields.
    static let headBytes = 512

    /// What a page of the gateway may do: load from the gateway alone, and stand in no frame.
    private static let pageFields: StaticString = """
        Content-Security-Policy: default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; \
        connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'\r
        Referrer-Policy: no-referrer\r

        """

    static func write(
        _ answer: HTTPAnswer, isHead: Bool, isHTTP10: Bool, closes: Bool, _ state: LoopState,
        into buffer: inout ByteBuffer
    ) {
        let hasBody = answer.status != 204 && answer.status != 304
        if answer.status == 200, case .json = answer.content {
            // Nearly all answers: one write for what never changes.
            buffer.writeStaticString(
                """
                HTTP/1.1 200 OK\r
                Content-Type: application/json\r
                Cache-Control: no-store\r
                X-Content-Type-Options: nosniff\r

                """)
        } else {
            writeStatus(answer.status, &buffer)
            if let type = contentType(answer.content) {
                buffer.writeStaticString("Content-Type: ")
                buffer.writeStaticString(type)
                buffer.writeStaticString("\r\n")
            }
            buffer.writeStaticString("Cache-Control: no-store\r\nX-Content-Type-Options: nosniff\r\n")
            if case .html = answer.content { buffer.writeStaticString(pageFields) }
        }
        state.writeDate(into: &buffer)
        if hasBody {
            buffer.writeStaticString("Content-Length: ")
            buffer.writeString(String(answer.body.count))
            buffer.writeStaticString("\r\n")
        }
        writeFields(answer.headers, &buffer)
        writeConnection(isHTTP10: isHTTP10, closes: closes, &buffer)
        buffer.writeStaticString("\r\n")
        if !isHead, hasBody { buffer.writeBytes(answer.body) }
    }

    /// The head of an event stream. HTTP/1.0 has no chunks: there the end of the connection ends the stream.
    static func writeStreamHead(
        _ headers: HTTPAnswer.Headers, isHTTP10: Bool, closes: Bool, _ state: LoopState,
        into buffer: inout ByteBuffer
    ) {
        writeStatus(200, &buffer)
        buffer.writeStaticString(
            """
            Content-Type: text/event-stream\r
            Cache-Control: no-cache\r
            X-Accel-Buffering: no\r
            X-Content-Type-Options: nosniff\r

            """)
        state.writeDate(into: &buffer)
        if !isHTTP10 { buffer.writeStaticString("Transfer-Encoding: chunked\r\n") }
        writeFields(headers, &buffer)
        writeConnection(isHTTP10: isHTTP10, closes: closes, &buffer)
        buffer.writeStaticString("\r\n")
    }

    private static func writeFields(_ headers: HTTPAnswer.Headers, _ buffer: inout ByteBuffer) {
        if let callID = headers.callID { writeField("Attune-Call-Id: ", callID, &buffer) }
        if let sessionID = headers.sessionID { writeField("Mcp-Session-Id: ", sessionID, &buffer) }
        if let seconds = headers.retryAfterSeconds { writeField("Retry-After: ", String(seconds), &buffer) }
        if let allow = headers.allow { writeField("Allow: ", "\(allow)", &buffer) }
        if let challenge = headers.challenge { writeField("WWW-Authenticate: ", challenge, &buffer) }
    }

    /// Leaves the field out if its value could end the line.
    private static func writeField(_ name: StaticString, _ value: String, _ buffer: inout ByteBuffer) {
        guard FieldValue.isSafe(value) else { return }
        buffer.writeStaticString(name)
        buffer.writeString(value)
        buffer.writeStaticString("\r\n")
    }

    private static func writeConnection(isHTTP10: Bool, closes: Bool, _ buffer: inout ByteBuffer) {
        if closes {
            buffer.writeStaticString("Connection: close\r\n")
        } else if isHTTP10 {
            buffer.writeStaticString("Connection: keep-alive\r\n")
        }
    }

    private static func writeStatus(_ status: Int, _ buffer: inout ByteBuffer) {
        switch status {
        case 202: buffer.writeStaticString("HTTP/1.1 202 Accepted\r\n")
        default:
            buffer.writeStaticString("HTTP/1.1 ")
            buffer.writeString(String(status))
            buffer.writeStaticString(" ")
            buffer.writeStaticString(reason(status))
            buffer.writeStaticString("\r\n")
        }
    }

    private static func reason(_ status: Int) -> StaticString {
        switch status {
        case 200: "OK"
        case 204: "No Content"
        case 302: "Found"
        case 304: "Not Modified"
        case 400: "Bad Request"
        case 401: "Unauthorized"
        case 403: "Forbidden"
        case 404: "Not Found"
        case 405: "Method Not Allowed"
        case 406: "Not Acceptable"
        case 408: "Request Timeout"
        case 409: "Conflict"
        case 413: "Content Too Large"
        case 414: "URI Too Long"
        case 415: "Unsupported Media Type"
        case 417: "Expectation Failed"
        case 422: "Unprocessable Content"
        case 429: "Too Many Requests"
        case 431: "Request Header Fields Too Large"
        case 500: "Internal Server Error"
        case 501: "Not Implemented"
        case 502: "Bad Gateway"
        case 503: "Service Unavailable"
        case 504: "Gateway Timeout"
        case 505: "HTTP Version Not Supported"
        default: "Status"
        }
    }

    private static func contentType(_ content: HTTPAnswer.Content) -> StaticString? {
        switch content {
        case .none: nil
        case .json: "application/json"
        case .text: "text/plain; charset=utf-8"
        case .html: "text/html; charset=utf-8"
        case .prometheus: "text/plain; version=0.0.4; charset=utf-8"
        case .javascript: "text/javascript; charset=utf-8"
        case .css: "text/css; charset=utf-8"
        case .svg: "image/svg+xml"
        }
    }
}
