import Identifiers
import Schemas
import Storage
import Telemetry

extension AuditLog {
    /// Adds one entry to the log of a store that no gateway has open, and sets its head down.
    ///
    /// What is found wrong with the log is told by an entry of its own, as a gateway would.
    /// - Parameter event: anything but a call.
    /// - Returns: false where no log was begun.
    /// - Throws: what kept it from being written; the entry may be there nevertheless if the store failed.
    package static func note(
        _ event: AuditEvent, in store: any OrderedStore, key: AuditKey, witness: AuditWitness,
        version: String
    ) throws(AuditFailure) -> Bool {
        let reader = AuditReader(store)
        guard try reader.size() > 0 else { return false }
        let now = WallClock.microseconds
        guard let entry = AuditEntry(event, at: now, version: version) else { return false }
        let opening = try AuditOpening(reader, key, witness)
        var ledger = opening.ledger
        var batch = WriteBatch()
        if !opening.findings.isEmpty {
            let findings = AuditEntry.with { entry in
                entry.timestamp = now
                entry.findings.findings = opening.findings.map(\.description)
            }
            ledger.append(findings, to: &batch)
        }
        ledger.append(entry, to: &batch)
        let head = ledger.seal(key, at: now, to: &batch)
        do throws(StorageError) { try store.write(batch, .durable) } catch { throw AuditFailure(error) }
        do throws(AuditWitnessFault) {
            // The evidence stays until the finding is on disk.
            if opening.isContradicted { try witness.setAside(at: now) }
            if let head { try witness.set(head) }
        } catch {
            throw .witness(error)
        }
        return true
    }
}
