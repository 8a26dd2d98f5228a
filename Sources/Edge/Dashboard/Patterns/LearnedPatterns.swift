import Wire

/// What the learner has found in the gateway's calls, read from what it publishes in its state table.
///
/// Another process writes that: whatever it holds, what can't be read is left out, and what is read is
/// bounded.
package struct LearnedPatterns: Sendable {
    /// What all keys of patterns begin with.
    package static let prefix = "pattern/"
    package static let overviewKey = prefix + "overview"
    /// More than the learner publishes.
    package static let mostEntries = 2048
    /// The largest value of a state table.
    package static let mostBytes = 65_536
    private static let mostAnomalies = 64
    /// Deeper values are left out, so that what is made of them can be read by the gateway's own commands.
    private static let mostDepth = 96

    package var atMicroseconds: UInt64
    package var learner: LearnerFacts
    /// nil until the learner has learned from calls.
    package var overview: PatternOverview?
    /// The most called first.
    package var tools: [ToolPattern] = []
    /// The one with the latest call first.
    package var sessions: [SessionPattern] = []
    /// The newest first.
    package var anomalies: [AnomalyPattern] = []

    /// - Parameter entries: whose keys begin with the prefix.
    package init(
        atMicroseconds: UInt64, learner: LearnerFacts, entries: [(key: [UInt8], value: [UInt8])] = []
    ) {
        self.atMicroseconds = atMicroseconds
        self.learner = learner
        for (key, value) in entries.prefix(Self.mostEntries) { take(key, value) }
        tools.sort { ($1.calls, $0.server, $0.tool) < ($0.calls, $1.server, $1.tool) }
        sessions.sort { ($1.atMicroseconds, $0.session) < ($0.atMicroseconds, $1.session) }
        anomalies.sort { $0.atMicroseconds > $1.atMicroseconds }
    }

    private mutating func take(_ key: [UInt8], _ value: [UInt8]) {
        if Self.begins(key, "tool/") {
            if let tool = ToolPattern(json: value) { tools.append(tool) }
        } else if Self.begins(key, "session/") {
            if let session = SessionPattern(json: value) { sessions.append(session) }
        } else if key.elementsEqual(Self.overviewKey.utf8) {
            overview = PatternOverview(json: value)
        } else if key.elementsEqual("\(Self.prefix)anomalies".utf8), let view = Self.object(value) {
            anomalies = PatternField(view["items"]).list(most: Self.mostAnomalies) { AnomalyPattern($0) }
        }
    }

    private static func begins(_ key: [UInt8], _ rest: String) -> Bool {
        key.starts(with: (prefix + rest).utf8)
    }

    /// Reads a value that is to be one JSON object.
    static func object(_ json: [UInt8]) -> JSONView? {
        guard json.count <= mostBytes,
            let view = try? JSONView(
                validating: json, limits: ScanLimits(maxBytes: mostBytes, maxDepth: mostDepth)),
            view.kind == .object
        else { return nil }
        return view
    }

    /// What is of one session; nil if there is none of this name.
    func only(session name: String) -> LearnedPatterns? {
        var one = self
        one.sessions = sessions.filter { $0.session == name }
        guard !one.sessions.isEmpty else { return nil }
        one.anomalies = anomalies.filter { $0.session == name }
        return one
    }
}
