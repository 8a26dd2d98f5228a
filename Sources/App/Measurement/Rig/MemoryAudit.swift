import Audit
import Forwarding
import Foundation
import Sealing
import Storage
import Telemetry

/// A real audit log over a sealed store that keeps nothing: what logging a call takes but for the disk.
///
/// It writes what waits when it is told to, and so always the same number of entries together.
final class MemoryAudit: CallAudit {
    private let log: AuditLog
    private let folder: String
    private let store = DiscardingStore()

    init() throws(MeasurementFailure) {
        folder = FileManager.default.temporaryDirectory.path + "/attune-bench-\(UUID().uuidString)"
        guard let key = AuditKey(seed: [UInt8](repeating: 7, count: 32)) else { throw .gatewayDidNotStart }
        do throws(StorageError) {
            let sealed = try SealedStore(
                store, purpose: "bench", path: folder, keys: SealingKeys(KeyRing(createdMicroseconds: 0)),
                purge: {})
            log = AuditLog(
                sealed, key: { () throws(AuditFailure) in key }, witness: AuditWitness("\(folder)/witness"),
                settings: AuditSettings(), version: "", log: .none)
        } catch {
            throw .storeRefused(path: folder, error)
        }
        try? FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: folder) }

    /// Writes what waits; called once.
    /// - Returns: the bytes that came to the store.
    func finish() -> Int {
        log.start()
        log.stop()
        return store.bytes
    }

    var gate: CallGate { log.gate == .open ? .pass : .refuse }
    var isRequired: Bool { true }
    var notesStarts: Bool { false }

    func begin(_ call: AuditableCall, then answer: @escaping @Sendable (Bool) -> Void) { answer(false) }

    func ended(_ call: AuditableCall, wasStarted: Bool) {
        log.ended(
            AuditedCall(
                call.record, request: call.request, arguments: call.arguments, answer: call.answer,
                result: call.result), wasStarted: wasStarted)
    }

    func turnedAway(status: Int, path: String, principal: String, reason: String) {}
}
