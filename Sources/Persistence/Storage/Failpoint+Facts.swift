extension Failpoint {
    struct Facts {
        var place: Place
        /// Where the program is, after "when".
        var moment: String
        /// What fails there if it is to fail; nil where nothing can.
        var failure: StorageError.Activity?

        init(_ place: Place, _ moment: String, _ failure: StorageError.Activity? = nil) {
            self.place = place
            self.moment = moment
            self.failure = failure
        }
    }

    // The table, in the order of the cases; one line each.
    var facts: Facts {
        switch self {
        case .markDrafted: Facts(.store, "a store's mark is in its draft", .open)
        case .markRenamed: Facts(.store, "a store's mark has its name", .open)
        case .storeOpening: Facts(.store, "RocksDB is about to open", .open)
        case .storeOpened: Facts(.store, "RocksDB is open", .open)
        case .storeWriting: Facts(.store, "a batch is about to be written", .write)
        case .storeWritten: Facts(.store, "a batch is written and nobody was told")
        case .storeSyncing: Facts(.store, "the log is about to be synced", .sync)
        case .storeSynced: Facts(.store, "the log is synced and nobody was told")
        case .storeCheckpointing: Facts(.store, "a copy of the store is about to be made", .checkpoint)
        case .storeCheckpointCopied: Facts(.store, "a copy of the store has no mark yet", .checkpoint)
        case .storeCheckpointed: Facts(.store, "a copy of the store is whole")
        case .storeCompacting: Facts(.store, "a family is about to be rewritten", .compact)
        case .storeReclaiming: Facts(.store, "files of deleted entries are about to go", .compact)
        case .storeReclaimDropped: Facts(.store, "such files are gone", .compact)
        case .storeClosing: Facts(.store, "a store is about to be closed", .sync)
        case .groupGathered: Facts(.store, "a group of batches was taken", .write)
        case .groupWritten: Facts(.store, "a group is written and no writer was told")
        case .historyChanging: Facts(.history, "a change of a history is about to be written", .write)
        case .historyChanged: Facts(.history, "a change is written and nobody was told")
        case .historyImportTaken: Facts(.history, "an object of a bundle is written", .write)
        case .historyImportWhole: Facts(.history, "a bundle is read and no reference is made", .write)
        case .historyCollecting: Facts(.history, "objects are about to be deleted", .write)
        case .historyCollected: Facts(.history, "a part of the objects is deleted")
        case .journalRead: Facts(.gateway, "calls were read from the rings and not written", .write)
        case .journalWritten: Facts(.gateway, "calls were written to the journal")
        case .journalSweeping: Facts(.gateway, "old entries are about to be deleted", .write)
        case .journalSwept: Facts(.gateway, "old entries are deleted", .compact)
        case .auditWriting: Facts(.gateway, "audit entries are about to be written", .write)
        case .auditWritten: Facts(.gateway, "audit entries are written and no call was told")
        case .auditWitnessDrafted: Facts(.gateway, "the audit log's witness is in its draft")
        case .auditWitnessRenamed: Facts(.gateway, "the audit log's witness has its name")
        case .metricsWriting: Facts(.gateway, "samples are about to be written", .write)
        case .metricsWritten: Facts(.gateway, "samples are written")
        case .sealAdopting: Facts(.gateway, "values without a seal are about to get one", .write)
        case .sealAdopted: Facts(.gateway, "a part of the values is sealed")
        case .sealPurging: Facts(.gateway, "all values are sealed and old files there", .compact)
        case .sealRenewing: Facts(.gateway, "values are about to get a newer seal", .write)
        case .sealRenewed: Facts(.gateway, "a part of the values has the newer seal")
        case .keysMade: Facts(.gateway, "there is a key and no key ring")
        case .keysKept: Facts(.command, "a key that is replaced has a file of its own")
        case .keysBoth: Facts(.command, "the key file has the new key and the old one")
        case .keysWrapped: Facts(.command, "the key ring is under the new key")
        case .keysRewrapped: Facts(.command, "the rings of the checkpoints are, too")
        case .coreCheckpointPlaced: Facts(.gateway, "a checkpoint has its empty directory", .checkpoint)
        case .coreCheckpointMade: Facts(.gateway, "a checkpoint is made and an older one is about to go")
        case .learnerDrafted: Facts(.learner, "its state is in its draft", .write)
        case .learnerRenamed: Facts(.learner, "its state has its name")
        case .learnerCommitting: Facts(.learner, "a version of its model is about to be made", .write)
        case .learnerCommitted: Facts(.learner, "a version is made and it was not told")
        }
    }
}
