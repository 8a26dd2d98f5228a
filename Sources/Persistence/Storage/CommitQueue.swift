import Dispatch
import Foundation

/// Group commit: many writers' batches, in the order they came, written as few synced ones.
///
/// Batches that are submitted go to a thread of the queue. A writer that waits for its own, with none
/// submitted before it, hands it to the store itself, which groups what comes at once: two switches of
/// threads fewer.
///
/// While the disk syncs one group the next gathers, so a sync serves as many writers as came during the one
/// before (DeWitt and others, SIGMOD 1984). Each batch keeps its own answer: it is acknowledged after the
/// group it went with is in the store, and on disk if it asked for that.
public final class CommitQueue: Sendable {
    public typealias Answer = @Sendable (Result<Void, StorageError>) -> Void

    private let writer: GroupWriter
    private let hasEnded = DispatchSemaphore(value: 0)

    public init(_ store: any OrderedStore, limits: CommitLimits = CommitLimits()) {
        writer = GroupWriter(store, limits)
        Thread.detachNewThread { [writer, hasEnded] in
            Thread.current.name = "attune-commit"
            writer.run()
            hasEnded.signal()
        }
    }

    deinit { writer.end() }

    /// Hands a batch over and returns at once; `answer` comes from the queue's thread and must be short.
    /// - Throws: `queueFull`, `closed`; there is no answer then.
    public func submit(
        _ batch: WriteBatch, _ durability: Durability, then answer: @escaping Answer
    ) throws(StorageError) {
        try writer.add(
            GroupWriter.Request(
                batch: batch, durability: durability, isSubmitted: true, answer: answer))
    }

    /// Writes a batch and waits until it is acknowledged; while the queue is full it waits for room first.
    ///
    /// It comes behind all that were submitted before; where none of those waits it is written on the thread
    /// of the caller.
    public func commit(_ batch: WriteBatch, _ durability: Durability) throws(StorageError) {
        if try writer.writeDirectly(batch, durability) { return }
        let answer = CommitAnswer()
        try writer.addWaiting(
            GroupWriter.Request(batch: batch, durability: durability, isSubmitted: false) {
                answer.give($0)
            })
        try answer.wait().get()
    }

    /// How many batches wait, without those that are being written.
    public var waiting: Int { writer.waiting }

    /// Takes no more, writes what waits and returns when all was answered; not from within an answer.
    public func close() {
        writer.end()
        hasEnded.wait()
        // For those who call it again.
        hasEnded.signal()
    }
}
