import Foundation
import Identifiers
import Schemas
import Storage
import Synchronization
import Telemetry
import TestSupport
import Testing

@testable import Audit

/// A log over a store in memory that can fail, driven turn by turn, with a witness in a folder of its own.
final class AuditRig {
    static let seed = [UInt8](repeating: 7, count: 32)

    let disk: MemoryDisk
    let store: RenewedStore
    let folder: PrivateFolder
    let key: AuditKey
    private(set) var settings: AuditSettings
    private(set) var queue: AuditQueue
    private(set) var worker: AuditWorker
    private(set) var writer: WitnessWriter
    private(set) var now: UInt64 = 1_800_000_000_000_000
    private var steady: UInt64 = 5_000_000
    private var calls: UInt64 = 0

    init(_ settings: AuditSettings = AuditSettings(), disk: MemoryDisk = MemoryDisk()) throws {
        self.disk = disk
        self.settings = settings
        folder = try PrivateFolder()
        key = try #require(AuditKey(seed: Self.seed))
        store = RenewedStore(disk)
        queue = AuditQueue(settings)
        let witness = AuditWitness(folder.path + "/audit.witness")
        writer = WitnessWriter(witness, log: try Self.log())
        worker = try Self.worker(store, queue, key, witness, writer)
    }

    private static func worker(
        _ store: RenewedStore, _ queue: AuditQueue, _ key: AuditKey, _ witness: AuditWitness,
        _ writer: WitnessWriter
    ) throws -> AuditWorker {
        AuditWorker(store, queue, { key }, witness, writer, version: "1", log: try log())
    }

    static func log() throws -> Log {
        Log(sink: try LogSink(destination: .discard, level: .error, format: .text), component: "test")
    }

    var witness: AuditWitness { AuditWitness(folder.path + "/audit.witness") }
    var reader: AuditReader { AuditReader(store) }

    /// The gateway is gone, and another one comes up over the same store.
    func restart(_ settings: AuditSettings? = nil) throws {
        self.settings = settings ?? self.settings
        queue = AuditQueue(self.settings)
        writer = WitnessWriter(witness, log: try Self.log())
        worker = try Self.worker(store, queue, key, witness, writer)
    }

    /// Lets time pass and the log write.
    @discardableResult
    func turn(after microseconds: UInt64 = 2_000_000, isLast: Bool = false) -> Int {
        let moment = pass(microseconds)
        defer { writer.turn(now: moment) }
        return worker.turn(now: moment, isLast: isLast)
    }

    /// Lets time pass.
    func pass(_ microseconds: UInt64) -> AuditMoment {
        now += microseconds
        steady += microseconds
        return moment
    }

    /// The operator sets the wall clock back.
    func setClockBack(by microseconds: UInt64) { now -= microseconds }

    /// How long the log's thread would sleep now.
    var pause: UInt64 { worker.pause(now: moment) }

    private var moment: AuditMoment { AuditMoment(wall: now, steady: steady) }

    /// As it is after some more time.
    func status(after microseconds: UInt64 = 0) -> AuditStatus {
        worker.status(at: AuditMoment(wall: now + microseconds, steady: steady + microseconds))
    }

    static func record(
        _ id: UInt64, tool: String = "git__log", outcome: CallRecord.Outcome = .ok
    ) -> CallRecord {
        CallRecord(
            callID: CallID(id), startMicroseconds: 1_800_000_000_000_000 + id, principal: Principal("ada"),
            session: "s-1", server: "git", tool: tool, method: "tools/call", modern: true, outcome: outcome,
            errorCode: 0, queueMicroseconds: 1, upstreamMicroseconds: 5, durationMicroseconds: 9,
            requestBytes: 20, resultBytes: 30, adviceVersion: 3, decisions: ["retry: attempt 2"])
    }

    static func audited(_ id: UInt64, outcome: CallRecord.Outcome = .ok) -> AuditedCall {
        let request = Array(#"{"arguments":{"n":\#(id)}}"#.utf8)
        let answer = Array(#"{"result":{}}"#.utf8)
        return AuditedCall(
            record(id, outcome: outcome), request: request, arguments: 13..<request.count - 1, answer: answer,
            result: 10..<12)
    }

    /// A call comes to its end.
    @discardableResult
    func call(_ outcome: CallRecord.Outcome = .ok) -> UInt64 {
        calls += 1
        end(calls, outcome)
        return calls
    }

    func end(_ id: UInt64, _ outcome: CallRecord.Outcome = .ok, wasStarted: Bool = false) {
        queue.add(
            AuditQueue.Item(
                event: .ended(Self.audited(id, outcome: outcome), wasStarted: wasStarted), microseconds: now))
    }

    /// A call waits for the log, and says what it was told.
    func begin(_ id: UInt64, _ heard: Heard) {
        queue.begin(
            AuditQueue.Item(event: .started(Self.audited(id)), microseconds: now) { heard.add(id, $0) })
    }

    func add(_ event: AuditEvent) { queue.add(AuditQueue.Item(event: event, microseconds: now)) }

    /// All that the store holds of the log.
    func contents() throws -> WriteBatch {
        var copy = WriteBatch()
        for family in AuditFamilies.all {
            for entry in try store.entries(in: .all, of: family, limit: 1000) {
                copy.put(entry.value, for: entry.key, in: family)
            }
        }
        return copy
    }

    /// Puts another log, or none, in the place of this one.
    func replace(with contents: WriteBatch) throws {
        var wipe = WriteBatch()
        for family in AuditFamilies.all { wipe.delete(.all, in: family) }
        try store.write(wipe, .durable)
        try store.write(contents, .durable)
    }

    func entries() throws -> [AuditEntry] {
        try (0..<reader.size()).map { place in try reader.entry(place) }
    }

    func callIDs() throws -> [UInt64] {
        try entries().compactMap { if case .call(let call) = $0.what { call.callID } else { nil } }
    }

    func verify(_ reader: (any OrderedReader)? = nil) throws -> AuditReport {
        var verification = AuditVerification(
            reader ?? store, publicKey: key.publicKey, try witness.evidence())
        return try verification.run()
    }
}

/// What calls were told.
final class Heard: Sendable {
    private let verdicts = Mutex<[UInt64: AuditVerdict]>([:])

    func add(_ id: UInt64, _ verdict: AuditVerdict) { verdicts.withLock { $0[id] = verdict } }
    subscript(id: UInt64) -> AuditVerdict? { verdicts.withLock { $0[id] } }
}
