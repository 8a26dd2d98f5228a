import Foundation
import Schemas
import Storage

/// The end of a log that is open for writing: gives entries their places and hashes.
///
/// It changes nothing by itself: what `append` and `seal` put into a batch takes effect when the batch is
/// written, and a ledger is a value, so that the one from before a failed write can be taken up again.
struct AuditLedger {
    /// Of the heads of one minute the newest is kept.
    private static let headMicroseconds: UInt64 = 60_000_000

    let log: LogID
    private(set) var frontier: MerkleFrontier
    private(set) var newestHead: SignedHead?
    /// The head of an earlier minute, which is to stay.
    private var keepsNewestHead = true

    var size: UInt64 { frontier.size }

    /// Begins a log.
    init(begun log: LogID) {
        self.log = log
        frontier = MerkleFrontier()
    }

    /// Takes up the log of a store; nil where none was begun.
    init?(_ reader: AuditReader) throws(AuditFailure) {
        guard let log = try reader.log() else { return nil }
        self.log = log
        frontier = try MerkleFrontier(size: try reader.size()) { place throws(AuditFailure) in
            try reader.node(place)
        }
        // What is wrong with a head is found by the opening's look at it.
        newestHead = (try? reader.newestHead()) ?? nil
    }

    /// Adds an entry, whose `sequence` is set, to the log and to a batch.
    ///
    /// - Complexity: O(log n) hashes, two on average, and one write.
    mutating func append(_ entry: AuditEntry, to batch: inout WriteBatch) {
        var packer = EntryPacker()
        append(entry, to: &packer)
        batch.append(packer.finish())
    }

    /// Adds an entry, whose `sequence` is set, to the log and to those that are written with it.
    mutating func append(_ entry: AuditEntry, to packer: inout EntryPacker) {
        var entry = entry
        entry.sequence = size
        // It fails only for required fields, of which proto3 has none.
        guard let bytes: [UInt8] = try? entry.serializedBytes() else { return }
        packer.append(in: &frontier) { $0 += bytes }
    }

    /// Adds a call to the log and to those that are written with it.
    ///
    /// - Complexity: O(log n) hashes, two on average.
    mutating func append(_ call: QueuedCall, to packer: inout EntryPacker) {
        let place = size
        packer.append(in: &frontier) { call.append(at: place, to: &$0) }
    }

    /// Signs the tree as it is.
    /// - Returns: the head, which is in the batch; nil where the newest one is of this tree.
    mutating func seal(_ key: AuditKey, at now: UInt64, to batch: inout WriteBatch) -> SignedHead? {
        guard size > 0, size != newestHead?.head.size else { return nil }
        let head = TreeHead(log: log, size: size, root: frontier.root, timestamp: now)
        guard let signed = key.sign(head) else { return nil }
        let minute = now / Self.headMicroseconds
        if let old = newestHead, old.head.timestamp / Self.headMicroseconds == minute, !keepsNewestHead {
            batch.delete(AuditFamilies.key(old.head.size), in: AuditFamilies.heads)
        }
        keepsNewestHead = false
        batch.put(Array(signed.text.utf8), for: AuditFamilies.key(size), in: AuditFamilies.heads)
        newestHead = signed
        return signed
    }
}
