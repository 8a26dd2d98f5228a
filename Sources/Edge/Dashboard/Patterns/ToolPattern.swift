import Wire

/// What the learner expects of a tool: `pattern/tool/SERVER/TOOL` of its state table.
package struct ToolPattern: Sendable, Equatable {
    package var server: String
    package var tool: String
    package var calls: UInt64
    package var medianMilliseconds: Double?
    /// What 95 of 100 calls are to stay within.
    package var bound95Milliseconds: Double?
    /// How likely the next call fails.
    package var failure: Double?
    /// How likely the same call has the same result again.
    package var cacheability: Double?
    /// How likely a call changes what others return.
    package var mutates: Double?
    package var atMicroseconds: UInt64

    /// nil unless the text is a JSON object that names a tool.
    package init?(json: [UInt8]) {
        guard let view = LearnedPatterns.object(json) else { return nil }
        server = PatternField(view["server"]).text
        tool = PatternField(view["tool"]).text
        guard !tool.isEmpty else { return nil }
        calls = PatternField(view["calls"]).count
        medianMilliseconds = PatternField(view["latency"]?["median_ms"]).amount
        bound95Milliseconds = PatternField(view["latency"]?["bound95_ms"]).amount
        failure = PatternField(view["failure"]).share
        cacheability = PatternField(view["cacheability"]).share
        mutates = PatternField(view["mutates"]).share
        atMicroseconds = PatternField(view["at_us"]).time
    }
}
