import Foundation
import RocksStorage
import Schemas
import Storage
import TestSupport
import Testing

@testable import Audit

@Suite("A small audit log with entries of every kind") struct FlipTests {
    enum Kind: CaseIterable { case memory, rocks }

    private static let key = AuditKey(seed: AuditRig.seed)

    private static func entries(_ log: LogID) -> [AuditEntry] {
        let events: [AuditEvent] = [
            .access(AuditedAccess(status: 401, path: "/mcp", principal: "eve", reason: "no key")),
            .act(action: "reload", origin: "admin", outcome: "applied", details: ["server git added"]),
            .change(file: "/etc/attune.toml", contents: [1, 2], changes: ["a"]), .stopped,
        ]
        var entries = events.compactMap { AuditEntry($0, at: 77, version: "1") }
        for phase in [AuditPhase.whole, .end, .start] {
            let call = AuditEntry.with { entry in
                entry.call.phase = phase
                entry.call.callID = 7
                entry.call.tool = "git__log"
                entry.call.arguments.size = 3
                entry.call.arguments.digest = Data(repeating: 5, count: 32)
            }
            entries.insert(call, at: 0)
        }
        let run = AuditEntry.with { entry in
            entry.run.started = true
            entry.run.version = "1"
            entry.run.publicKey = Data(key?.publicKey ?? [])
            entry.run.logID = Data(log.bytes)
        }
        let gap = AuditEntry.with { entry in
            entry.gap.lost = 3
            entry.gap.reason = "the disk is full"
        }
        let findings = AuditEntry.with { $0.findings.findings = ["an entry was edited"] }
        entries.insert(run, at: 0)
        return entries + [gap, findings]
    }

    /// Writes the log, signed after the fourth entry and at its end, and its witness.
    private static func fill(_ store: any OrderedStore, _ witness: AuditWitness) throws {
        let key = try #require(key)
        let log = LogID()
        var ledger = AuditLedger(begun: log)
        var batch = WriteBatch()
        for (number, entry) in entries(log).enumerated() {
            ledger.append(entry, to: &batch)
            // Of other minutes, so that both stay.
            if number == 3 { _ = ledger.seal(key, at: 60_000_000, to: &batch) }
        }
        let head = try #require(ledger.seal(key, at: 180_000_000, to: &batch))
        try store.write(batch, .durable)
        try witness.set(head)
    }

    private static func verify(_ store: any OrderedStore, _ witness: AuditWitness) throws -> AuditReport {
        var verification = AuditVerification(
            store, publicKey: try #require(key).publicKey, try witness.evidence())
        return try verification.run()
    }

    @Test("is found out by a flip in any byte of any key, value and witness", arguments: Kind.allCases)
    func flips(kind: Kind) throws {
        let folder = try PrivateFolder()
        let store: any OrderedStore =
            switch kind {
            case .memory: try MemoryStore(families: AuditFamilies.all)
            case .rocks:
                try RocksStore(folder.path + "/core", purpose: "core", families: AuditFamilies.all)
            }
        let witness = AuditWitness(folder.path + "/audit.witness")
        try Self.fill(store, witness)
        #expect(try Self.verify(store, witness).isSound)
        var kinds: Set<AuditKind> = []
        var flipped = 0
        for family in AuditFamilies.all {
            let entries = try store.entries(in: .all, of: family, limit: 100)
            #expect(entries.count == (family == AuditFamilies.heads ? 2 : 10))
            for (number, entry) in entries.enumerated() {
                if family == AuditFamilies.entries {
                    kinds.insert(try #require(AuditKind(try AuditReader(store).entry(UInt64(number)))))
                }
                for at in 0..<entry.key.count + entry.value.count {
                    var other = entry
                    let bits = UInt8(1 << (at % 8))
                    if at < entry.key.count {
                        other.key[at] ^= bits
                    } else {
                        other.value[at - entry.key.count] ^= bits
                    }
                    try Self.replace(entry, by: other, in: family, of: store)
                    #expect(
                        try !Self.verify(store, witness).isSound,
                        "\(family.name) \(Hex.text(entry.key)) at \(at)")
                    try Self.replace(other, by: entry, in: family, of: store)
                    flipped += 1
                }
            }
        }
        #expect(kinds == Set(AuditKind.allCases) && flipped > 1500)
        #expect(try Self.verify(store, witness).isSound)
        let data = try #require(FileManager.default.contents(atPath: witness.path))
        for at in data.indices {
            var other = data
            other[at] ^= 4
            try other.write(to: URL(filePath: witness.path))
            #expect(try !Self.verify(store, witness).isSound, "the witness at \(at)")
        }
        try store.close()
    }

    private static func replace(
        _ old: Entry, by new: Entry, in family: Family, of store: any OrderedStore
    ) throws {
        var batch = WriteBatch()
        batch.delete(old.key, in: family)
        batch.put(new.value, for: new.key, in: family)
        try store.write(batch, .relaxed)
    }
}
