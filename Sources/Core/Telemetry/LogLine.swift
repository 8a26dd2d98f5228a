import Identifiers

/// One log line before it is written.
package struct LogLine {
    package var microseconds: UInt64
    package var level: LogLevel
    package var component: String
    package var server: String
    package var call: CallID?
    package var message: String
    package var fields: LogFields

    /// The longest value or message that is written whole, in bytes of UTF-8; longer ones are cut.
    package static let longestText = 4096

    package init(
        microseconds: UInt64, level: LogLevel, component: String, server: String = "", call: CallID? = nil,
        message: String, fields: LogFields = [:]
    ) {
        self.microseconds = microseconds
        self.level = level
        self.component = component
        self.server = server
        self.call = call
        self.message = message
        self.fields = fields
    }

    /// The line with its newline.
    package func rendered(_ format: LogFormat) -> [UInt8] {
        switch format {
        case .json: json()
        case .text: text()
        }
    }

    /// Whether a field of this name may hold a credential, so that its value is never written.
    package static func isSecret(_ name: String) -> Bool {
        let name = name.lowercased()
        return secretWords.contains { name.contains($0) }
    }

    private static let secretWords = [
        "authorization", "cookie", "password", "passphrase", "secret", "token", "credential", "api_key",
        "apikey",
        "private_key", "session_id",
    ]

    private func json() -> [UInt8] {
        var line: [UInt8] = []
        line.reserveCapacity(256)
        line.append(contentsOf: #"{"ts":""#.utf8)
        Timestamp.append(microseconds, to: &line)
        line.append(contentsOf: #"","level":""#.utf8)
        line.append(contentsOf: level.text.utf8)
        line.append(UInt8(ascii: "\""))
        Self.appendMember("component", .string(component), to: &line)
        if !server.isEmpty { Self.appendMember("server", .string(server), to: &line) }
        if let call { Self.appendMember("call_id", .string(call.text), to: &line) }
        Self.appendMember("message", .string(message), to: &line)
        for (name, value) in fields { Self.appendMember(name, Self.shown(name, value), to: &line) }
        line.append(contentsOf: "}\n".utf8)
        return line
    }

    private func text() -> [UInt8] {
        var line: [UInt8] = []
        line.reserveCapacity(192)
        Timestamp.append(microseconds, to: &line)
        line.append(UInt8(ascii: " "))
        let name = level.text.uppercased()
        line.append(contentsOf: name.utf8)
        line.append(contentsOf: repeatElement(UInt8(ascii: " "), count: 6 - name.utf8.count))
        line.append(contentsOf: component.utf8)
        if !server.isEmpty { line.append(contentsOf: "/\(server)".utf8) }
        line.append(contentsOf: ": ".utf8)
        JSONText.appendContents(message, limit: Self.longestText, to: &line)
        if let call { line.append(contentsOf: " call_id=\(call.text)".utf8) }
        for (name, value) in fields {
            line.append(UInt8(ascii: " "))
            line.append(contentsOf: name.utf8)
            line.append(UInt8(ascii: "="))
            JSONText.append(Self.shown(name, value), to: &line)
        }
        line.append(UInt8(ascii: "\n"))
        return line
    }

    private static func shown(_ name: String, _ value: LogValue) -> LogValue {
        isSecret(name) ? .string("[redacted]") : value
    }

    private static func appendMember(_ name: String, _ value: LogValue, to line: inout [UInt8]) {
        line.append(contentsOf: ",\"".utf8)
        JSONText.appendContents(name, limit: longestText, to: &line)
        line.append(contentsOf: "\":".utf8)
        JSONText.append(value, to: &line)
    }
}

extension LogLine {
    static func droppedNotice(_ count: Int) -> LogLine {
        LogLine(
            microseconds: WallClock.microseconds, level: .warn, component: "log",
            message: "lines were dropped because nobody read them", fields: ["count": .integer(count)])
    }
}
