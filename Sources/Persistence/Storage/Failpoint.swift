/// A named place in the program at which a test can have it killed, fail or wait.
///
/// Each is there in every build and does nothing until it is armed (`FailpointPlan`). A room adds its own: a
/// case here with its facts in Failpoint+Facts.swift, a row in docs/faults.md, and `try Failpoint.x.reach()`
/// where a kill hurts: before and after each write, sync and rename that must be seen together with another.
/// Where nothing can be thrown it is `pass()`, and `failure` is nil. Tests kill a real process at each: those
/// of `.store` in what `StoreFixture walk` does, those of `.history` in what `HistoryFixture walk` does, the
/// others in Tests/EndToEnd/test_failpoints.py, which runs a gateway with its learner, and the commands named
/// there; one that is never reached fails them.
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
    case historyChanging = "history.changing"
    case historyChanged = "history.changed"
    case historyImportTaken = "history.import.taken"
    case historyImportWhole = "history.import.whole"
    case historyCollecting = "history.collecting"
    case historyCollected = "history.collected"
    case journalRead = "journal.read"
    case journalWritten = "journal.written"
    case journalSweeping = "journal.sweeping"
    case journalSwept = "journal.swept"
    case auditWriting = "audit.writing"
    case auditWritten = "audit.written"
    case auditWitnessDrafted = "audit.witness.drafted"
    case auditWitnessRenamed = "audit.witness.renamed"
    case metricsWriting = "metrics.writing"
    case metricsWritten = "metrics.written"
    case sealAdopting = "seal.adopting"
    case sealAdopted = "seal.adopted"
    case sealPurging = "seal.purging"
    case sealRenewing = "seal.renewing"
    case sealRenewed = "seal.renewed"
    case keysMade = "keys.made"
    case keysKept = "keys.kept"
    case keysBoth = "keys.both"
    case keysWrapped = "keys.wrapped"
    case keysRewrapped = "keys.rewrapped"
    case coreCheckpointPlaced = "core.checkpoint.placed"
    case coreCheckpointMade = "core.checkpoint.made"
    case learnerDrafted = "learner.drafted"
    case learnerRenamed = "learner.renamed"
    case learnerCommitting = "learner.committing"
    case learnerCommitted = "learner.committed"

    /// What goes through a failpoint in the tests that kill there.
    public enum Place: String, Sendable {
        /// The program StoreFixture.
        case store
        /// The program HistoryFixture.
        case history
        /// `attune run`.
        case gateway
        /// `attune learn`, which reads its own variable.
        case learner
        /// Another command of `attune`.
        case command
    }

    public var place: Place { facts.place }
    /// Where the program is, after "when".
    public var moment: String { facts.moment }
    /// True if it can fail there, rather than be killed or wait only.
    public var canFail: Bool { facts.failure != nil }

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
