import NIOCore
import Sessions

/// Writes HTTP/1.1 answers and event streams as bytes.
enum AnswerWriter {
    /// More bytes than a head takes besides its variable fields; a page's, the longest, takes about 600.
    private static let headBytes = 1024

    /// What a page of the gateway may do: load from the gateway alone, and stand in no frame.
    private static let pageFields: StaticString = """
        Content-Security-Policy: default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; \
        connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'\r
        Referrer-Policy: no-referrer\r

        """

    /// Lends a buffer with the answer; give it back to `state` with `keepWriteBuffer` after the write.
    static func take(
        _ answer: HTTPAnswer, isHead: Bool, isHTTP10: Bool, closes: Bool, from state: LoopState
    ) -> ByteBuffer {
        let bytes = headBytes + variableBytes(answer.headers) + answer.body.count
        let date = state.dateLine
        var buffer = state.takeWriteBuffer(bytes)
        buffer.writeWithOutputRawSpan(minimumWritableBytes: bytes) { output in
            write(answer, isHead: isHead, isHTTP10: isHTTP10, closes: closes, date, &output)
        }
        return buffer
    }

    private static func write(
        _ answer: HTTPAnswer, isHead: Bool, isHTTP10: Bool, closes: Bool, _ date: ByteBuffer,
        _ output: inout OutputRawSpan
    ) {
        let hasBody = answer.status != 204 && answer.status != 304
        if answer.status == 200, case .json = answer.content {
            // Nearly all answers: one write for what never changes.
            output.append(
                """
                HTTP/1.1 200 OK\r
                Content-Type: application/json\r
                Cache-Control: no-store\r
                X-Content-Type-Options: nosniff\r

                """)
        } else {
            writeStatus(answer.status, &output)
            if let type = contentType(answer.content) {
                output.append("Content-Type: ")
                output.append(type)
                output.append("\r\n")
            }
            output.append("Cache-Control: no-store\r\nX-Content-Type-Options: nosniff\r\n")
            if case .html = answer.content { output.append(pageFields) }
        }
        output.append(date.readableBytesUInt8Span)
        if hasBody {
            output.append("Content-Length: ")
            output.append(decimal: answer.body.count)
            output.append("\r\n")
        }
        writeFields(answer.headers, &output)
        writeConnection(isHTTP10: isHTTP10, closes: closes, &output)
        output.append("\r\n")
        if !isHead, hasBody { output.append(answer.body.span) }
    }

    /// Lends a buffer with the head of an event stream, in the same way.
    ///
    /// HTTP/1.0 has no chunks: there the end of the connection ends the stream.
    static func takeStreamHead(
        _ headers: HTTPAnswer.Headers, isHTTP10: Bool, closes: Bool, from state: LoopState
    ) -> ByteBuffer {
        let bytes = headBytes + variableBytes(headers)
        let date = state.dateLine
        var buffer = state.takeWriteBuffer(bytes)
        buffer.writeWithOutputRawSpan(minimumWritableBytes: bytes) { output in
            writeStreamHead(headers, isHTTP10: isHTTP10, closes: closes, date, &output)
        }
        return buffer
    }

    private static func writeStreamHead(
        _ headers: HTTPAnswer.Headers, isHTTP10: Bool, closes: Bool, _ date: ByteBuffer,
        _ output: inout OutputRawSpan
    ) {
        writeStatus(200, &output)
        output.append(
            """
            Content-Type: text/event-stream\r
            Cache-Control: no-cache\r
            X-Accel-Buffering: no\r
            X-Content-Type-Options: nosniff\r

            """)
        output.append(date.readableBytesUInt8Span)
        if !isHTTP10 { output.append("Transfer-Encoding: chunked\r\n") }
        writeFields(headers, &output)
        writeConnection(isHTTP10: isHTTP10, closes: closes, &output)
        output.append("\r\n")
    }

    /// The bytes of what comes from elsewhere.
    private static func variableBytes(_ headers: HTTPAnswer.Headers) -> Int {
        (headers.callID?.utf8.count ?? 0) + (headers.sessionID?.utf8.count ?? 0)
            + (headers.challenge?.utf8.count ?? 0) + (headers.allow?.utf8CodeUnitCount ?? 0)
    }

    private static func writeFields(_ headers: HTTPAnswer.Headers, _ output: inout OutputRawSpan) {
        if let callID = headers.callID { writeField("Attune-Call-Id: ", callID, &output) }
        if let sessionID = headers.sessionID { writeField("Mcp-Session-Id: ", sessionID, &output) }
        if let seconds = headers.retryAfterSeconds { writeField("Retry-After: ", String(seconds), &output) }
        if let allow = headers.allow { writeField("Allow: ", "\(allow)", &output) }
        if let challenge = headers.challenge { writeField("WWW-Authenticate: ", challenge, &output) }
    }

    /// Leaves the field out if its value could end the line.
    private static func writeField(_ name: StaticString, _ value: String, _ output: inout OutputRawSpan) {
        guard FieldValue.isSafe(value) else { return }
        output.append(name)
        output.append(text: value)
        output.append("\r\n")
    }

    private static func writeConnection(isHTTP10: Bool, closes: Bool, _ output: inout OutputRawSpan) {
        if closes {
            output.append("Connection: close\r\n")
        } else if isHTTP10 {
            output.append("Connection: keep-alive\r\n")
        }
    }

    private static func writeStatus(_ status: Int, _ output: inout OutputRawSpan) {
        switch status {
        case 202: output.append("HTTP/1.1 202 Accepted\r\n")
        default:
            output.append("HTTP/1.1 ")
            output.append(decimal: status)
            output.append(" ")
            output.append(reason(status))
            output.append("\r\n")
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
