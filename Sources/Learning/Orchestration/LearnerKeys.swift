/// The keys of the learner's state table.
package enum LearnerKeys {
    package static let statistics = "stat/"
    package static let prediction = "prediction/"
    /// What the learner says of itself.
    package static let own = "learner/"
    package static let report = "learner/report"
    /// What patterns of traffic tell; see `docs/learner.md`.
    package static let pattern = "pattern/"
    package static let overview = "pattern/overview"
    package static let anomalies = "pattern/anomalies"
    package static let tools = "pattern/tool/"
    package static let sessions = "pattern/session/"
    /// What a state table takes.
    package static let mostBytes = 255

    /// `stat/SERVER/TOOL`; nil if that is too long for a key.
    package static func statistics(server: String, tool: String) -> [UInt8]? {
        bounded(Array("\(statistics)\(server)/\(tool)".utf8))
    }

    /// `prediction/TASK/SUBJECT`; nil if that is too long for a key.
    package static func prediction(task: String, subject: String) -> [UInt8]? {
        bounded(Array("\(prediction)\(task)/\(subject)".utf8))
    }

    /// `pattern/tool/SERVER/TOOL`; nil if that is too long for a key.
    package static func toolPattern(server: String, tool: String) -> [UInt8]? {
        bounded(Array("\(tools)\(server)/\(tool)".utf8))
    }

    /// `pattern/session/SESSION`; nil if that is too long for a key.
    package static func sessionPattern(_ session: String) -> [UInt8]? {
        bounded(Array("\(sessions)\(session)".utf8))
    }

    /// The two names behind a prefix; the first has no slash.
    package static func names(_ key: [UInt8], behind prefix: String) -> (first: String, second: String)? {
        guard key.starts(with: prefix.utf8) else { return nil }
        let rest = key.dropFirst(prefix.utf8.count)
        guard let slash = rest.firstIndex(of: UInt8(ascii: "/")),
            let first = String(validating: rest[..<slash], as: UTF8.self),
            let second = String(validating: rest[(slash + 1)...], as: UTF8.self)
        else { return nil }
        return (first, second)
    }

    /// Whether only the learner itself writes keys that begin so.
    package static func isReserved(_ key: some Sequence<UInt8>) -> Bool {
        let key = Array(key.prefix(16))
        return [statistics, prediction, own, pattern].contains { key.starts(with: $0.utf8) }
    }

    private static func bounded(_ key: [UInt8]) -> [UInt8]? { key.count <= mostBytes ? key : nil }
}
