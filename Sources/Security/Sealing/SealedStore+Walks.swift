import Foundation
import Storage

extension SealedStore {
    /// What one step of a walk looks at and writes: so little that writers wait for some milliseconds.
    static let stepEntries = 512
    static let stepBytes = 1 << 20

    /// Seals the values of a store that was written without, in the order of families and keys.
    ///
    /// Each batch says how far it came, so that a process that is killed goes on from there, and a value is
    /// never taken for the other kind.
    static func adopt(
        _ store: any OrderedStore, _ families: [Family], _ sealer: RecordSealer, _ start: SealState
    ) throws(StorageError) -> SealState {
        var state = start
        try Failpoint.sealAdopting.reach()
        for (family, range) in remaining(families, after: state.place) {
            let cursor = try store.cursor(over: range, in: family, .forward)
            var batch = WriteBatch()
            while let entry = try cursor.next() {
                batch.put(sealer.seal(entry.value, entry.key, family), for: entry.key, in: family)
                state.place = SealState.Place(family: family.name, key: Data(entry.key))
                guard batch.operations.count >= stepEntries || batch.bytes >= stepBytes else { continue }
                batch.put(state, sealer)
                try store.write(batch, .relaxed)
                Failpoint.sealAdopted.pass()
                batch = WriteBatch()
            }
            guard !batch.isEmpty else { continue }
            batch.put(state, sealer)
            try store.write(batch, .relaxed)
            Failpoint.sealAdopted.pass()
        }
        state.phase = .purging
        state.place = nil
        try note(state, store, sealer)
        return state
    }

    /// Seals values of earlier data keys with the current one: a part of them, between which writers write.
    ///
    /// How far it came is in the store, so a process that is killed goes on from there. A value that does not
    /// open is left as it is, for its reader to find.
    /// - Returns: whether nothing is left to do.
    public func resealStep() throws(StorageError) -> Bool {
        sealer.keys.refresh()
        let target = sealer.keys.current.epoch
        guard state.withLock({ $0.floor < target }) else { return true }
        return try gate.alone { () throws(StorageError) in
            var now = state.withLock { $0 }
            if now.walk != target {
                now.walk = target
                now.place = nil
            }
            now.epoch = max(now.epoch, target)
            var batch = WriteBatch()
            let isDone = try reseal(to: target, &now, &batch)
            if isDone {
                now.floor = target
                now.place = nil
            }
            batch.put(now, sealer)
            try Failpoint.sealRenewing.reach()
            try inner.write(batch, isDone ? .durable : .relaxed)
            Failpoint.sealRenewed.pass()
            state.withLock { $0 = now }
            return isDone
        }
    }

    /// - Returns: whether the walk came to its end.
    private func reseal(
        to target: UInt32, _ now: inout SealState, _ batch: inout WriteBatch
    ) throws(StorageError) -> Bool {
        var looked = 0
        for (family, range) in Self.remaining(families, after: now.place) {
            let cursor = try inner.cursor(over: range, in: family, .forward)
            while let entry = try cursor.next() {
                now.place = SealState.Place(family: family.name, key: Data(entry.key))
                if let header = RecordHeader(entry.value), header.epoch < target,
                    let value = try? sealer.open(entry.value, entry.key, family)
                {
                    batch.put(sealer.seal(value, entry.key, family), for: entry.key, in: family)
                }
                looked += 1
                if looked >= Self.stepEntries || batch.bytes >= Self.stepBytes { return false }
            }
        }
        return true
    }

    /// The families that are not done, each with the keys that are not done.
    private static func remaining(
        _ families: [Family], after place: SealState.Place?
    ) -> [(Family, KeyRange)] {
        families.sorted { $0.name < $1.name }.compactMap { family in
            guard let place, family.name <= place.family else { return (family, .all) }
            guard family.name == place.family else { return nil }
            // The next key after one is the same with a zero behind it.
            return (family, KeyRange(from: Array(place.key) + [0], upTo: nil))
        }
    }
}
