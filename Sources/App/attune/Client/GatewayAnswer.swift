import Wire

/// What an address of the gateway answered.
struct GatewayAnswer: Sendable {
    var status: Int
    var isEventStream: Bool
    var body: [UInt8]

    /// The body, or the data of each event of an event stream (WHATWG HTML, section 9.2.6).
    var messages: [[UInt8]] {
        guard isEventStream else { return [body] }
        var messages: [[UInt8]] = []
        var data: [UInt8] = []
        for line in body.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
            let line = line.last == UInt8(ascii: "\r") ? line.dropLast() : line
            if line.isEmpty {
                if !data.isEmpty { messages.append(data) }
                data = []
            } else if line.starts(with: Array("data:".utf8)) {
                let value = line.dropFirst(5)
                if !data.isEmpty { data.append(UInt8(ascii: "\n")) }
                data += value.first == UInt8(ascii: " ") ? value.dropFirst() : value
            }
        }
        if !data.isEmpty { messages.append(data) }
        return messages
    }

    /// What the body says of an error, in one line.
    var message: String {
        let view = try? JSONView(validating: body, limits: ScanLimits(maxBytes: 64 << 20))
        if let error = view?["error"] {
            let parts =
                [error["message"]?.string] + (error["problems"].map { $0.elements.map(\.string) } ?? [])
            return parts.compactMap { $0 }.joined(separator: "; ")
        }
        return String(String(decoding: body.prefix(200), as: UTF8.self).prefix { !$0.isNewline })
    }
}
