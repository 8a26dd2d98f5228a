import Wire

/// What the learner says of itself once a second, as JSON under `learner/report` in its state table.
package struct LearnerReport: Sendable, Equatable {
    package var counts = LearnerCounts()
    package var tools = 0
    /// Processor time of the process, user and system.
    package var processorSeconds = 0.0
    package var residentBytes = 0
    /// What it knows, in the form in which it is saved.
    package var stateBytes = 0
    /// How memory and processor time are bounded; empty if they are not.
    package var limits = ""
    /// Microseconds since 1970 when the learner attached to this gateway.
    package var attachedMicroseconds: UInt64 = 0
    /// How many times it looked at the rings, and how many of them found something.
    package var turns: UInt64 = 0
    package var busyTurns: UInt64 = 0

    /// The version of the model that is in use, in hexadecimal; empty without one.
    package var head = ""
    package var version: UInt64 = 0
    /// When that version was made, in microseconds since 1970.
    package var committedMicroseconds: UInt64 = 0
    /// Why versions can't be kept or the journal not be read; empty if all is well.
    package var fault = ""
    /// Runs of calls that are still looked for in the journal.
    package var recovering = 0
    /// nil from a learner that looks for no patterns.
    package var patterns: PatternReport?

    package init() {}

    private static let mostFaultLetters = 500
    private static let mostBytes = 16_384

    private typealias Counter = any WritableKeyPath<Self, UInt64> & Sendable

    private static let counters: [(name: StaticString, field: Counter)] = [
        ("records", \.counts.records), ("rejected", \.counts.rejected), ("unnamed", \.counts.unnamed),
        ("lost", \.counts.lost), ("commands", \.counts.commands),
        ("refused_commands", \.counts.refusedCommands), ("lost_commands", \.counts.lostCommands),
        ("predictions", \.counts.predictions), ("attached_us", \.attachedMicroseconds), ("turns", \.turns),
        ("busy_turns", \.busyTurns), ("recovered", \.counts.recovered), ("version", \.version),
        ("committed_us", \.committedMicroseconds),
    ]

    package var json: [UInt8] {
        var json = JSONWriter(capacity: 512)
        json.beginObject()
        for (name, field) in Self.counters {
            json.key(name)
            json.value(Int(clamping: self[keyPath: field]))
        }
        json.key("tools")
        json.value(tools)
        json.key("cpu_s")
        json.value(processorSeconds)
        json.key("resident_bytes")
        json.value(residentBytes)
        json.key("state_bytes")
        json.value(stateBytes)
        json.key("limits")
        json.value(limits)
        json.key("recovering")
        json.value(recovering)
        json.key("head")
        json.value(head)
        json.key("fault")
        json.value(String(fault.prefix(Self.mostFaultLetters)))
        if let patterns {
            json.key("patterns")
            patterns.write(to: &json)
        }
        json.endObject()
        return json.bytes
    }

    /// Reads a report; nil from text that is no JSON object.
    package init?(json: [UInt8]) {
        guard json.count <= Self.mostBytes,
            let view = try? JSONView(validating: json, limits: ScanLimits(maxBytes: Self.mostBytes)),
            view.kind == .object
        else { return nil }
        for (name, field) in Self.counters {
            self[keyPath: field] = UInt64(clamping: view[name]?.int ?? 0)
        }
        tools = Int(clamping: max(0, view["tools"]?.int ?? 0))
        let seconds = view["cpu_s"]?.double ?? 0
        processorSeconds = seconds.isFinite ? max(0, seconds) : 0
        residentBytes = Int(clamping: max(0, view["resident_bytes"]?.int ?? 0))
        stateBytes = Int(clamping: max(0, view["state_bytes"]?.int ?? 0))
        limits = String((view["limits"]?.string ?? "").prefix(64))
        recovering = Int(clamping: max(0, view["recovering"]?.int ?? 0))
        head = String((view["head"]?.string ?? "").prefix(64))
        fault = String((view["fault"]?.string ?? "").prefix(Self.mostFaultLetters))
        patterns = view["patterns"].map { PatternReport($0) }
    }
}
