import Configuration
import Dashboard
import Identifiers
import ModelHistory
import Synchronization

/// What the gateway shows of the models that its learner keeps, read from the learner's store.
///
/// The store is opened at most every two seconds, however often somebody asks; what can't be read is shown as
/// it was.
final class ModelView: Sendable {
    private struct Seen {
        var rows: [ModelRow] = []
        /// A reading of CLOCK_MONOTONIC in nanoseconds; nil before the first look.
        var nanoseconds: UInt64?
    }

    private static let freshness: UInt64 = 2_000_000_000
    private static let mostRecent = 20
    private static let mostBranches = 100

    private let store: ModelStore
    private let seen = Mutex(Seen())

    init(_ configuration: GatewayConfiguration) { store = ModelStore(configuration) }

    /// Waits for the disk, and for another thread that looks already.
    func rows() -> [ModelRow] {
        seen.withLock { seen in
            let now = MonotonicTime.now.nanoseconds
            if let last = seen.nanoseconds, now &- last < Self.freshness { return seen.rows }
            seen.nanoseconds = now
            if let rows = try? store.reading({ reader throws(HistoryError) in try Self.rows(reader) }) {
                seen.rows = rows
            }
            return seen.rows
        }
    }

    private static func rows(_ reader: ModelReader) throws(HistoryError) -> [ModelRow] {
        var rows: [ModelRow] = []
        for model in try reader.models() {
            guard let head = try reader.head(model) else { continue }
            var recent: [ModelRow.Version] = []
            if let id = head.commit {
                var log = try reader.log(from: [id])
                while recent.count < mostRecent, let (id, commit) = try log.next() {
                    recent.append(version(id, commit))
                }
            }
            var branches: [(name: String, id: String)] = []
            for (reference, target) in try reader.references(model).prefix(mostBranches) {
                if case .branch(let name) = reference { branches.append((name.text, target.hex)) }
            }
            var branch: String?
            if case .branch(let name) = head.head { branch = name.text }
            rows.append(
                ModelRow(
                    name: model.text, branch: branch, head: recent.first, branches: branches,
                    recent: recent))
        }
        return rows
    }

    private static func version(_ id: ObjectID, _ commit: ModelCommit) -> ModelRow.Version {
        ModelRow.Version(
            id: id.hex, version: commit.version, microseconds: commit.microseconds, author: commit.author,
            message: commit.title, metrics: commit.metrics)
    }
}
