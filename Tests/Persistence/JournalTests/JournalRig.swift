import Rings
import Schemas
import SharedMemory
import Testing

@testable import Journal
@testable import Storage

/// A loop's rings, a journal that reads them turn by turn, and a store in memory that can fail.
final class JournalRig {
    static let names: [UInt32: String] = [1: "git", 2: "git__log", 3: "tools/call", 4: "ada", 5: "s-1"]

    let home = MemoryHome()
    let keeper: StoreKeeper
    let worker: JournalWorker
    private let segment: Segment
    private var log: ObservationLog
    private var calls: UInt64 = 0

    init(_ settings: JournalSettings = JournalSettings(), records: UInt64 = 64) throws {
        let plan = try SegmentPlan(
            kind: .core, name: "test",
            sections: [
                .observationRing(loop: 0, within: 256 + records * 128),
                .payloadRing(loop: 0, within: 256 + 65_536),
            ], recordDescription: ObservationRecord.fieldDescription)
        segment = try Segment.anonymous(plan)
        let ring = try #require(segment.section(.observationRing))
        let payloads = try #require(segment.section(.payloadRing))
        log = try ObservationLog(ring: ring, payloads: payloads)
        keeper = StoreKeeper(
            home, families: ObservationJournal.families, wallMicroseconds: { 1_800_000_000_000_000 })
        worker = JournalWorker(keeper, [try JournalFeed(ring.reading, payloads.reading)], settings) {
            Self.names[$0]
        }
        _ = keeper.turn(now: 0)
    }

    /// Adds a call of `git__log` and shows it to readers.
    func call(
        at microseconds: UInt64 = 1_000_000, params: String = #"{"name":"log","arguments":{"n":1}}"#,
        result: String = #"{"content":[]}"#, outcome: UInt8 = 0, session: UInt32 = 5
    ) {
        calls += 1
        var record = ObservationRecord()
        record.startMicroseconds = microseconds
        record.callID = calls
        record.server = 1
        record.tool = 2
        record.method = 3
        record.principal = 4
        record.session = session
        record.outcome = outcome
        record.durationMicroseconds = 500
        record.resultBytes = UInt32(result.utf8.count)
        log.append(record, params: Array(params.utf8).span, result: Array(result.utf8).span)
        log.flush()
    }

    var generation: UInt64 { segment.generation }

    func entries() throws -> [JournalEntry] {
        let store = try #require(home.store)
        return try store.entries(in: .all, of: ObservationJournal.family, limit: 10_000).map {
            try JournalEntry(serializedBytes: $0.value)
        }
    }

    func messages() throws -> [MCPMessage] {
        try entries().compactMap { if case .message(let message) = $0.what { message } else { nil } }
    }

    func gaps() throws -> [JournalGap] {
        try entries().compactMap { if case .gap(let gap) = $0.what { gap } else { nil } }
    }

    func lines() throws -> [String] {
        var calls = try Observations(try #require(home.store), from: 0, upTo: nil)
        var text: [UInt8] = []
        while let call = try calls.next() { text += call.line }
        return String(decoding: text, as: UTF8.self).split(separator: "\n").map(String.init)
    }
}
