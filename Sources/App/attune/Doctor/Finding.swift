import Wire

/// What the doctor says of one thing.
struct Finding {
    enum Status: String { case ok, warn, fail, skip }

    /// What was looked at, such as `server:git command`.
    var check: String
    var status: Status
    var detail: String
    /// What to do about it; nil if nothing is to be done.
    var next: String?
    /// Such as the last lines of a server's standard error.
    var lines: [String] = []

    static func ok(_ check: String, _ detail: String) -> Finding {
        Finding(check: check, status: .ok, detail: detail)
    }

    static func warn(_ check: String, _ detail: String, next: String) -> Finding {
        Finding(check: check, status: .warn, detail: detail, next: next)
    }

    static func fail(_ check: String, _ detail: String, next: String) -> Finding {
        Finding(check: check, status: .fail, detail: detail, next: next)
    }

    static func json(_ findings: [Finding]) -> [UInt8] {
        var json = JSONWriter(capacity: 4096)
        json.beginArray()
        for finding in findings {
            json.beginObject()
            json.field("check", finding.check)
            json.field("status", finding.status.rawValue)
            json.field("detail", finding.detail)
            json.key("next")
            if let next = finding.next { json.value(next) } else { json.null() }
            json.key("lines")
            json.beginArray()
            for line in finding.lines { json.value(line) }
            json.endArray()
            json.endObject()
        }
        json.endArray()
        return json.bytes
    }

    func text(_ style: Style) -> String {
        let word = status.rawValue + String(repeating: " ", count: 4 - status.rawValue.count)
        var text = style.tinted(word, Style.tint(ofState: status.rawValue)) + "  "
        text += "\(Style.printable(check)): \(Style.printable(detail))"
        if let next { text += "\n      next: \(Style.printable(next))" }
        for line in lines { text += "\n      " + style.tinted("| \(Style.printable(line))", .dim) }
        return text
    }
}
