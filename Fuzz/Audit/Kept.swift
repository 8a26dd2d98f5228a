import Schemas
import Storage

/// A small log that was made as a gateway makes it.
enum Kept {
    static let size: UInt64 = 9
    static let key: AuditKey = {
        guard let key = AuditKey(seed: [UInt8](repeating: 7, count: 32)) else { fatalError("32 bytes") }
        return key
    }()
    static let log: LogID = {
        guard let log = LogID([UInt8](repeating: 5, count: 16)) else { fatalError("16 bytes") }
        return log
    }()
    static let verifier = key.verifier(of: log)

    static let store: MemoryStore = {
        guard let store = try? MemoryStore(families: AuditFamilies.all) else { fatalError("an empty store") }
        var ledger = AuditLedger(begun: log)
        var batch = WriteBatch()
        for number in 0..<size {
            let entry = AuditEntry.with { entry in
                entry.timestamp = number
                if number == 0 {
                    entry.run.started = true
                    entry.run.logID.append(contentsOf: log.bytes)
                } else {
                    entry.call.callID = number
                    entry.call.tool = "a__b"
                }
            }
            ledger.append(entry, to: &batch)
        }
        _ = ledger.seal(key, at: 60, to: &batch)
        do { try store.write(batch, .durable) } catch { fatalError("the store in memory takes all") }
        return store
    }()
    static let entries: [Entry] = AuditFamilies.all.flatMap { family in
        (try? store.entries(in: .all, of: family, limit: 100)) ?? []
    }

    static func root(_ size: UInt64) -> MerkleHash { (try? AuditReader(store).root(size: size)) ?? .empty }

    static func path(from old: UInt64, to new: UInt64) -> [MerkleHash] {
        (try? AuditReader(store).consistency(from: old, to: new))?.path ?? []
    }

    static func proof(_ place: Int) -> InclusionProof? {
        guard let head = try? AuditReader(store).newestHead() else { return nil }
        return try? AuditReader(store).proof(of: UInt64(clamping: place), in: head)
    }
}
