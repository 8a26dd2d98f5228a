import Sessions

/// The response header fields that the gateway reads.
enum AnswerField {
    case contentType, contentLength, sessionID, retryAfter, other

    init(_ name: String) {
        switch name.utf8.count {
        case 11: self = Self.matches(name, "retry-after") ? .retryAfter : .other
        case 12: self = Self.matches(name, "content-type") ? .contentType : .other
        case 14:
            if Self.matches(name, "content-length") {
                self = .contentLength
            } else {
                self = Self.matches(name, "mcp-session-id") ? .sessionID : .other
            }
        default: self = .other
        }
    }

    /// The kind of body that a `Content-Type` value stands for; parameters do not matter.
    static func content(_ value: String) -> UpstreamHead.Content {
        if begins(value, "application/json") { return .json }
        return begins(value, "text/event-stream") ? .eventStream : .other
    }

    private static func begins(_ value: String, _ lower: String) -> Bool {
        let bytes = value.utf8Span.span
        let count = lower.utf8.count
        guard bytes.count >= count else { return false }
        if bytes.count > count {
            let next = bytes[count]
            guard next == UInt8(ascii: ";") || next == 0x20 || next == 0x09 else { return false }
        }
        return FieldName.matches(bytes.extracting(0..<count), lower)
    }

    private static func matches(_ name: String, _ lower: String) -> Bool {
        FieldName.matches(name.utf8Span.span, lower)
    }
}
