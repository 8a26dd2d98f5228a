import Journal
import Learners
import Telemetry

/// What the learner knows, without clock, thread or shared memory: records and messages go in, changes of its
/// state table come out.
///
/// The same inputs in the same order give the same bytes of `save`; seconds are readings of CLOCK_MONOTONIC.
package struct LearnerState: Sendable {
    package internal(set) var counts = LearnerCounts()
    package internal(set) var tools: ToolTable
    /// Tool calls since a version was made of them.
    var fresh = FreshCalls()
    private(set) var predictions = PredictionTable()
    /// The ids of the method `tools/call` and of another one that were seen last; the method of most records
    /// is told by one comparison.
    private var callMethod: UInt32?
    private var otherMethods: Set<UInt32> = []

    private static let toolCall = "tools/call"
    private static let mostSeconds = UInt64(clamping: Prediction.longestLifetime.components.seconds)
    /// As many methods as the protocol has, and some.
    private static let mostMethods = 256

    /// - Parameter bytes: what statistics may use.
    package init(bytes: Int = .max) { tools = ToolTable(bytes: bytes) }

    /// Takes a record into account.
    ///
    /// - Parameter name: the text of an interned name; nil for an id without one.
    package mutating func observe(
        _ observation: Observation, second: UInt64, name: (UInt32) -> String?
    ) {
        counts.records &+= 1
        guard isToolCall(observation.method, name), observation.server != 0, observation.tool != 0 else {
            return
        }
        if tools.insert(observation, second: second, name: name) {
            fresh.add(observation.startMicroseconds)
        } else {
            counts.unnamed &+= 1
        }
    }

    /// Takes a call into account that the journal tells of.
    ///
    /// - Parameter isOfRunning: whether a ring of the running gateway has lost it, so that it counts as lost.
    mutating func recover(_ call: JournaledCall, isOfRunning: Bool) {
        counts.recovered &+= 1
        if isOfRunning {
            counts.records &+= 1
            counts.lost -= min(counts.lost, 1)
        }
        guard call.method == Self.toolCall, !call.server.isEmpty, !call.tool.isEmpty else { return }
        tools.count(call.statistics, server: call.server, tool: call.tool)
        fresh.add(call.startMicroseconds)
    }

    /// Goes on from a version of which so many records of the running gateway are a part.
    mutating func resume(_ tools: ToolTable?, records: UInt64, lost: UInt64) -> [StateChange] {
        let changes = replace(tools ?? self.tools.emptied)
        counts.records = records
        counts.lost = lost
        counts.rejected = 0
        counts.unnamed = 0
        counts.recovered = 0
        return changes
    }

    /// Adds what a version has that is not in this; all calls of this are still in no version.
    mutating func join(_ tools: ToolTable) { self.tools.add(tools) }

    /// Says that a version was made of the calls that were fresh at that time.
    mutating func settle(_ made: FreshCalls) { fresh.remove(made) }

    /// Puts other statistics in the place of these.
    ///
    /// - Returns: the changes of the state table for tools that are no longer there.
    mutating func replace(_ tools: ToolTable) -> [StateChange] {
        let kept = Set(tools.entries.compactMap { LearnerKeys.statistics(server: $0.server, tool: $0.tool) })
        let gone = self.tools.entries.compactMap { LearnerKeys.statistics(server: $0.server, tool: $0.tool) }
        self.tools = tools
        fresh = FreshCalls()
        return gone.filter { !kept.contains($0) }.map { .delete(key: $0) }
    }

    /// Goes on at another gateway: what is counted of its rings begins anew, what was learned stays.
    mutating func beginGateway(second: UInt64) {
        counts = LearnerCounts()
        forgetIDs()
        tools = tools.withoutRates
        predictions.drop(endingAfter: second &+ Self.mostSeconds)
    }

    /// Counts what came of reading the rings, beside the records that were observed.
    package mutating func note(lost: UInt64 = 0, rejected: UInt64 = 0, lostCommands: UInt64 = 0) {
        counts.lost &+= lost
        counts.rejected &+= rejected
        counts.lostCommands &+= lostCommands
    }

    /// Counts a message that was refused.
    package mutating func refuse() { counts.refusedCommands &+= 1 }

    /// Carries out a message.
    ///
    /// - Returns: the change that it makes to the state table; nil for one that is only passed on.
    package mutating func carryOut(_ command: WorkerCommand, second: UInt64) -> StateChange? {
        counts.commands &+= 1
        switch command {
        case .message: return nil
        case .change(let change): return change
        case .prediction(let prediction):
            guard let key = prediction.key else { return nil }
            counts.predictions &+= 1
            predictions.insert(prediction, second: second)
            return .put(key: key, value: prediction.json, lifetime: prediction.lifetime)
        }
    }

    /// The statistics that changed since the last call, and those whose rates fall.
    ///
    /// - Complexity: some microseconds an entry; 1,000 entries at most.
    package mutating func takeStatistics(second: UInt64) -> [StateChange] {
        tools.takeChanged(second: second).compactMap { entry, value in
            LearnerKeys.statistics(server: entry.server, tool: entry.tool).map {
                .put(key: $0, value: value.encoded, lifetime: nil)
            }
        }
    }

    /// The predictions that still hold, for a state table that has none yet.
    package func predictionChanges(second: UInt64) -> [StateChange] { predictions.changes(second: second) }

    /// Forgets what ids of names mean: the gateway was started anew.
    package mutating func forgetIDs() {
        callMethod = nil
        otherMethods = []
        tools.forgetIDs()
    }

    private mutating func isToolCall(_ method: UInt32, _ name: (UInt32) -> String?) -> Bool {
        if method == callMethod { return true }
        if otherMethods.contains(method) { return false }
        guard let text = name(method) else { return false }
        if text == Self.toolCall {
            callMethod = method
            return true
        }
        if otherMethods.count < Self.mostMethods { otherMethods.insert(method) }
        return false
    }
}

extension LearnerState {
    package func save(to encoder: inout ByteEncoder) {
        for field in LearnerCounts.fields { encoder.write(counts[keyPath: field]) }
        tools.save(to: &encoder)
        predictions.save(to: &encoder)
    }

    /// Reads a state, all of whose statistics are to be published; nil from bytes that none wrote.
    package init?(bytes: Int = .max, restoring decoder: inout ByteDecoder) {
        self.init(bytes: bytes)
        for field in LearnerCounts.fields {
            guard let count = decoder.integer() else { return nil }
            counts[keyPath: field] = count
        }
        guard let tools = ToolTable(bytes: bytes, restoring: &decoder),
            let predictions = PredictionTable(restoring: &decoder)
        else { return nil }
        self.tools = tools
        self.predictions = predictions
    }
}

extension LearnerState {
    /// A state of these parts, all of whose statistics are to be published.
    init(counts: LearnerCounts, tools: ToolTable, predictions: PredictionTable) {
        self.init()
        self.counts = counts
        self.tools = tools
        self.predictions = predictions
    }
}
