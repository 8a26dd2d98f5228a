/// A named place in the program at which a test can have it killed, fail or wait.
///
/// Each is there in every build and does nothing until it is armed (`FailpointPlan`). A room adds its own: a
/// case here with its facts below, a row in docs/faults.md, and `try Failpoint.x.reach()` where a kill hurts:
/// before and after each write, sync and rename that must be seen together with another. Where nothing can be
/// thrown it is `pass()`, and `failure` is nil. Tests kill a real process at each: those of `.store` in what
/// `StoreFixture walk` does, the others in Tests/EndToEnd/test_failpoints.py, which runs a gateway with its
/// learner, and the commands named there; one that is never reached fails them.
public enum Failpoint: String, CaseIterable, Sendable {
    case markDrafted = "store.mark.drafted"
    case markRenamed = "store.mark.renamed"
    case storeOpening = "store.opening"
    case storeOpened = "store.opened"
    case storeWriting = "store.writing"
    case storeWritten = "store.written"
    case storeSyncing = "store.syncing"
    case storeSynced = "store.synced"
    case storeCheckpointing = "store.checkpointing"
    case storeCheckpointCopied = "store.checkpoint.copied"
    case storeCheckpointed = "store.checkpointed"
    case storeCompacting = "store.compacting"
    case storeReclaiming = "store.reclaiming"
    case storeReclaimDropped = "store.reclaim.dropped"
    case storeClosing = "store.closing"
    case groupGathered = "group.gathered"
    case groupWritten = "group.written"
    case journalRead = "journal.read"
    case journalWritten = "journal.written"
    case journalSweeping = "journal.sweeping"
    case journalSwept = "journal.swept"
    case auditWriting = "audit.writing"
    case auditWritten = "audit.written"
    case auditWitnessDrafted = "audit.witness.drafted"
    case auditWitnessRenamed = "audit.witness.renamed"
    case coreCheckpointPlaced = "core.checkpoint.placed"
    case coreCheckpointMade = "core.checkpoint.made"
    case learnerDrafted = "learner.drafted"
    case learnerRenamed = "learner.renamed"

    /// What goes through a failpoint in the tests that kill there.
    public enum Place: String, Sendable {
        /// The program StoreFixture.
        case store
        /// `attune run`.
        case gateway
        /// `attune learn`, which reads its own variable.
        case learner
        /// Another command of `attune`.
        case command
    }

    struct Facts {
        var place: Place
        /// What fails there if it is to fail; nil where nothing can.
        var failure: StorageError.Activity? = nil
        /// Where the program is, after "when".
        var moment: String
    }

    public var place: Place { facts.place }
    /// Where the program is, after "when".
    public var moment: String { facts.moment }
    /// True if it can fail there, rather than be killed or wait only.
    public var canFail: Bool { facts.failure != nil }

    // The table, in the order of the cases; one line each.
    var facts: Facts {
        switch self {
        case .markDrafted: Facts(place: .store, failure: .open, moment: "a store's mark is in its draft")
        case .markRenamed: Facts(place: .store, failure: .open, moment: "a store's mark has its name")
        case .storeOpening: Facts(place: .store, failure: .open, moment: "RocksDB is about to open")
        case .storeOpened: Facts(place: .store, failure: .open, moment: "RocksDB is open")
        case .storeWriting: Facts(place: .store, failure: .write, moment: "a batch is about to be written")
        case .storeWritten: Facts(place: .store, moment: "a batch is written and nobody was told")
        case .storeSyncing: Facts(place: .store, failure: .sync, moment: "the log is about to be synced")
        case .storeSynced: Facts(place: .store, moment: "the log is synced and nobody was told")
        case .storeCheckpointing:
            Facts(place: .store, failure: .checkpoint, moment: "a copy of the store is about to be made")
        case .storeCheckpointCopied:
            Facts(place: .store, failure: .checkpoint, moment: "a copy of the store has no mark yet")
        case .storeCheckpointed: Facts(place: .store, moment: "a copy of the store is whole")
        case .storeCompacting:
            Facts(place: .store, failure: .compact, moment: "a family is about to be rewritten")
        case .storeReclaiming:
            Facts(place: .store, failure: .compact, moment: "files of deleted entries are about to go")
        case .storeReclaimDropped: Facts(place: .store, failure: .compact, moment: "such files are gone")
        case .storeClosing: Facts(place: .store, failure: .sync, moment: "a store is about to be closed")
        case .groupGathered: Facts(place: .store, failure: .write, moment: "a group of batches was taken")
        case .groupWritten: Facts(place: .store, moment: "a group is written and no writer was told")
        case .journalRead:
            Facts(place: .gateway, failure: .write, moment: "calls were read from the rings and not written")
        case .journalWritten: Facts(place: .gateway, moment: "calls were written to the journal")
        case .journalSweeping:
            Facts(place: .gateway, failure: .write, moment: "old entries are about to be deleted")
        case .journalSwept: Facts(place: .gateway, failure: .compact, moment: "old entries are deleted")
        case .auditWriting:
            Facts(place: .gateway, failure: .write, moment: "audit entries are about to be written")
        case .auditWritten: Facts(place: .gateway, moment: "audit entries are written and no call was told")
        case .auditWitnessDrafted: Facts(place: .gateway, moment: "the audit log's witness is in its draft")
        case .auditWitnessRenamed: Facts(place: .gateway, moment: "the audit log's witness has its name")
        case .coreCheckpointPlaced:
            Facts(place: .gateway, failure: .checkpoint, moment: "a checkpoint has its empty directory")
        case .coreCheckpointMade:
            Facts(place: .gateway, moment: "a checkpoint is made and an older one is about to go")
        case .learnerDrafted: Facts(place: .learner, failure: .write, moment: "its state is in its draft")
        case .learnerRenamed: Facts(place: .learner, moment: "its state has its name")
        }
    }

    /// Does what the place is armed for.
    ///
    /// - Complexity: one relaxed load where nothing is armed.
    /// - Throws: what it is to fail with.
    @inlinable public func reach() throws(StorageError) {
        guard FailpointPlan.isAnyArmed else { return }
        try strike()
    }

    /// Does what the place is armed for, where nothing can fail.
    @inlinable public func pass() {
        guard FailpointPlan.isAnyArmed else { return }
        try? strike()
    }

    @usableFromInline func strike() throws(StorageError) {
        guard let action = FailpointPlan.action(at: self) else { return }
        try action.take(at: self)
    }
}
