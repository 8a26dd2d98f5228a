import Dispatch
import Identifiers
import Journal
import ModelHistory
import Storage
import Synchronization

/// Does for the learner what waits for a disk, one thing after the other on a thread of its own: reads and
/// makes versions of its model, and reads the journal.
package final class Archivist: Sendable {
    /// What came of it.
    enum News: Sendable {
        /// What HEAD is at; nil if there is no version yet.
        case found(HeadVersion?)
        /// HEAD is where it was thought to be.
        case unmoved
        case committed(ObjectID, version: UInt64, microseconds: UInt64)
        case failed(String)
        /// A version could not be made for the reason, and may be there all the same.
        case doubtful(Doubt, String)
    }

    /// A version of a learner's that may be there: one whose write failed may be found, as a whole, once the
    /// store was opened anew.
    struct Doubt: Sendable, Equatable {
        var base: ObjectID?
        var microseconds: UInt64

        func isAbout(_ commit: ModelCommit) -> Bool {
            commit.author == LearnerVersion.author && commit.microseconds == microseconds
                && commit.parents.first == base
        }
    }

    /// What a version says of itself.
    struct Draft: Sendable {
        var parts: [String: [UInt8]]
        var calls: UInt64
        var errors: UInt64
        var tools: Int
        /// When the first and the last of the calls began that are new in it.
        var window: TrainingWindow
    }

    private struct Inbox {
        var news: News?
        var answer: Recovery.Answer?
        /// Why old versions were not let go of; empty if they were.
        var upkeepFault = ""
    }

    /// When old versions were let go of last; used on the queue only. Times in microseconds since 1970.
    private struct Upkeep {
        static let interval: UInt64 = 3_600_000_000
        static let collecting: UInt64 = 86_400_000_000
        /// How long moves in the reflog count.
        static let reflog: UInt64 = 90 * 86_400_000_000

        var thinned: UInt64 = 0
        var collected: UInt64?
    }

    private let repository: ModelRepository?
    private let journal: (any JournalSource)?
    private let modelBytes: Int
    private let codeVersion: String
    private let retention: Retention?
    private let upkeep = Mutex(Upkeep())
    private let queue = DispatchQueue(label: "attune-archivist")
    private let inbox = Mutex(Inbox())

    /// - Parameters:
    ///   - repository: where versions are; nil for nowhere.
    ///   - journal: the gateway's; nil where it can't be read.
    ///   - modelBytes: what statistics may use.
    ///   - retention: which versions are kept; nil for all.
    package init(
        _ repository: ModelRepository?, journal: (any JournalSource)?, modelBytes: Int = .max,
        codeVersion: String = "", retention: Retention? = nil
    ) {
        self.repository = repository
        self.journal = journal
        self.modelBytes = modelBytes
        self.codeVersion = codeVersion
        self.retention = retention
    }

    var hasHistory: Bool { repository != nil }
    var hasJournal: Bool { journal != nil }

    /// What has come of what was asked; nil while it is under way.
    func takeNews() -> News? { inbox.withLock { $0.news.take() } }
    func takeAnswer() -> Recovery.Answer? { inbox.withLock { $0.answer.take() } }

    /// Why old versions are not let go of; empty while they are.
    var upkeepFault: String { inbox.withLock { $0.upkeepFault } }

    // MARK: Versions

    /// Looks where HEAD is.
    ///
    /// - Parameters:
    ///   - known: where it was; that version is not read again. A nil in it: there was none.
    ///   - doubt: if HEAD is at that version, it was committed.
    func look(known: ObjectID??, doubt: Doubt? = nil) {
        perform { archivist, repository throws(HistoryError) in
            guard let id = try repository.head(LearnerVersion.model)?.commit else {
                if case .some(.none) = known { return .unmoved }
                return .found(nil)
            }
            if case .some(.some(id)) = known { return .unmoved }
            if let doubt {
                let commit = try repository.reader.commit(id)
                if doubt.isAbout(commit) {
                    return .committed(id, version: commit.version, microseconds: commit.microseconds)
                }
            }
            return .found(try archivist.version(id, repository))
        }
    }

    /// Makes a version, unless HEAD is elsewhere.
    func commit(_ draft: Draft, after base: ObjectID?) {
        let now = WallClock.microseconds
        perform(Doubt(base: base, microseconds: now)) { archivist, repository throws(HistoryError) in
            do throws(StorageError) { try Failpoint.learnerCommitting.reach() } catch {
                throw .storage(error)
            }
            let metrics = [
                "calls": Double(draft.calls), "errors": Double(draft.errors), "tools": Double(draft.tools),
            ]
            let metadata = CommitMetadata(
                author: LearnerVersion.author,
                message: "\(draft.calls) calls of \(draft.tools) \(draft.tools == 1 ? "tool" : "tools")",
                microseconds: now, window: draft.window, codeVersion: archivist.codeVersion, metrics: metrics,
                data: try Self.evaluation(of: draft, after: base, repository).data(metrics))
            let id = try repository.commit(
                model: LearnerVersion.model, kind: LearnerVersion.kind, parts: draft.parts,
                metadata: metadata,
                expecting: .at(base))
            archivist.queue.async { archivist.tidy(repository, now) }
            Failpoint.learnerCommitted.pass()
            let version = try repository.reader.commit(id).version
            return .committed(id, version: version, microseconds: now)
        }
    }

    /// What the version before would have said of the calls that are new. One that no learner made says
    /// nothing of them.
    private static func evaluation(
        of draft: Draft, after base: ObjectID?, _ repository: ModelRepository
    ) throws(HistoryError) -> VersionEvaluation {
        var before: [String: [UInt8]]?
        do throws(HistoryError) {
            before = try base.map { id throws(HistoryError) in
                // Patterns may be large.
                let tree = try repository.reader.tree(of: try repository.reader.commit(id))
                guard let part = tree[LearnerModel.toolsPart] else { return [:] }
                return [LearnerModel.toolsPart: try repository.reader.bytes(of: part)]
            }
        } catch {
            // A damaged version keeps none from being made after it.
            if case .storage = error { throw error }
        }
        return VersionEvaluation(
            before: before.flatMap { LearnerVersion.tools($0, modelBytes: .max) } ?? ToolTable(),
            after: LearnerVersion.tools(draft.parts, modelBytes: .max) ?? ToolTable())
    }

    /// Lets go of old versions, once an hour.
    private func tidy(_ repository: ModelRepository, _ now: UInt64) {
        guard let retention else { return }
        upkeep.withLock { upkeep in
            guard now >= upkeep.thinned &+ Upkeep.interval else { return }
            upkeep.thinned = now
            let fault: String
            do throws(HistoryError) {
                let last = upkeep.collected ?? now
                upkeep.collected = last
                let thinned = try repository.thin(retention, now: now).versions
                if thinned > 0 || now >= last &+ Upkeep.collecting {
                    _ = try repository.collect(reflogsBefore: now > Upkeep.reflog ? now - Upkeep.reflog : 0)
                    upkeep.collected = now
                }
                fault = ""
            } catch {
                fault = "old versions are kept: \(error)"
            }
            inbox.withLock { $0.upkeepFault = fault }
        }
    }

    /// - Parameter doubt: what may be there although the store failed.
    private func perform(
        _ doubt: Doubt? = nil,
        _ body: @escaping @Sendable (Archivist, ModelRepository) throws(HistoryError) -> News
    ) {
        guard let repository else { return }
        queue.async { [self] in
            let news: News
            do throws(HistoryError) {
                news = try body(self, repository)
            } catch {
                if case .storage = error, let doubt {
                    news = .doubtful(doubt, "\(error)")
                } else {
                    news = .failed("\(error)")
                }
            }
            inbox.withLock { $0.news = news }
        }
    }

    private func version(
        _ id: ObjectID, _ repository: ModelRepository
    ) throws(HistoryError) -> HeadVersion? {
        let found = try repository.read(id)
        guard let tools = LearnerVersion.tools(found.parts, modelBytes: modelBytes) else {
            throw .damaged(id, .encoding)
        }
        return HeadVersion(
            id: id, version: found.commit.version, microseconds: found.commit.microseconds, tools: tools,
            patterns: LearnerVersion.patterns(found.parts), positions: try lastPositions(repository))
    }

    /// How far the version is that a learner made last, wherever HEAD was moved since.
    private func lastPositions(_ repository: ModelRepository) throws(HistoryError) -> LearnerPositions? {
        let moves = try repository.reader.reflog(LearnerVersion.model, limit: Self.mostMoves)
        let last = moves.first { $0.action == .commit && $0.author == LearnerVersion.author }
        guard let id = last?.new else { return nil }
        let tree = try repository.reader.tree(of: try repository.reader.commit(id))
        guard let part = tree[LearnerVersion.positions] else { return nil }
        return LearnerVersion.positions(try repository.reader.bytes(of: part))
    }

    /// Moves of HEAD that persons may make between two versions of a learner.
    private static let mostMoves = 1000

    // MARK: The journal

    func ask(_ request: Recovery.Request) {
        guard let journal else { return }
        queue.async { [self] in
            let finding: Recovery.Finding
            do throws(StorageError) {
                finding = try Self.find(request, in: try journal.reader())
            } catch {
                finding = .failed("\(error)")
            }
            inbox.withLock { $0.answer = Recovery.Answer(request: request, finding: finding) }
        }
    }

    static func find(
        _ request: Recovery.Request, in reader: any OrderedReader
    ) throws(StorageError) -> Recovery.Finding {
        let follower = JournalFollower(reader)
        switch request {
        case .streams(let first, let end):
            return .streams(try follower.streams(after: first, before: end))
        case .calls(let span):
            return .calls(
                try follower.calls(
                    of: JournalFollower.Stream(generation: span.generation, loop: span.loop),
                    from: span.next, through: span.last, limit: Recovery.mostCalls))
        }
    }

    /// Lets go of the journal until it is asked for again.
    func closeJournal() {
        guard let journal else { return }
        queue.async { journal.rest() }
    }

    /// Waits until all that was asked for has come, or for so long.
    func finish(within patience: DispatchTimeInterval) {
        let isDone = DispatchSemaphore(value: 0)
        queue.async { isDone.signal() }
        _ = isDone.wait(timeout: .now() + patience)
    }
}
