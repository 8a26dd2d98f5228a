/// Checks the header fields that say what media types a client sends and takes.
package enum ContentRules {
    /// Judges a POST: it must send JSON and take both JSON and an event stream. A client that sends no
    /// `Accept` takes anything (RFC 9110, 12.5.1).
    package static func refusal(accept: String?, contentType: String?) -> Refusal? {
        guard let contentType, contentType == usualContentType || mediaType(contentType) == usualContentType
        else {
            return .unsupportedMediaType
        }
        guard let accept, accept != usualAccept else { return nil }
        let accepts = accepted(accept)
        return accepts.json && accepts.eventStream ? nil : .notAcceptable
    }

    /// What the official clients send; found without taking the field apart.
    private static let usualAccept = "application/json, text/event-stream"
    private static let usualContentType = "application/json"

    /// Whether a GET may be answered with an event stream.
    package static func acceptsEventStream(_ accept: String?) -> Bool {
        accept.map { accepted($0).eventStream } ?? true
    }

    private static func accepted(_ field: String) -> (json: Bool, eventStream: Bool) {
        var json = false
        var eventStream = false
        for range in field.split(separator: ",") where !hasZeroQuality(range) {
            switch mediaType(String(range)) {
            case "*/*":
                json = true
                eventStream = true
            case "application/json", "application/*": json = true
            case "text/event-stream", "text/*": eventStream = true
            default: break
            }
        }
        return (json, eventStream)
    }

    private static func mediaType(_ field: String) -> String {
        let type = field.utf8.prefix { $0 != UInt8(ascii: ";") }
        return trimmed(Substring(type)).lowercased()
    }

    /// Whether a parameter `q` says that the type is not wanted.
    private static func hasZeroQuality(_ range: Substring) -> Bool {
        for parameter in range.split(separator: ";").dropFirst() {
            let pair = parameter.split(separator: "=", maxSplits: 1)
            guard pair.count == 2, trimmed(pair[0]).lowercased() == "q" else { continue }
            return Double(trimmed(pair[1])) == 0
        }
        return false
    }

    private static func trimmed(_ text: Substring) -> Substring {
        var text = text
        while let first = text.utf8.first, first == 0x20 || first == 0x09 { text.removeFirst() }
        while let last = text.utf8.last, last == 0x20 || last == 0x09 { text.removeLast() }
        return text
    }
}
