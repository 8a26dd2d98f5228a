import Identifiers
import Sessions
import Synchronization

/// Gives the tasks of many servers ids under which one client knows them: sealed, so that the gateway keeps
/// none, and bound to the client's principal and era. Used from any thread.
final class TaskIDs: Sendable {
    /// A task as its server knows it.
    struct Task: Hashable, Sendable {
        let server: String
        let id: String
    }

    /// Whose the tasks are.
    struct Owner: Hashable, Sendable {
        let principal: Principal
        let era: Era

        fileprivate var context: [UInt8] {
            Array("task".utf8) + [0, era.rawValue, 0] + Array(principal.name.utf8)
        }
    }

    private struct Key: Hashable {
        let task: Task
        let owner: Owner
    }

    /// The last ids in two generations: the earlier one is forgotten as a whole.
    private struct Shared {
        var recent: [Key: String] = [:]
        var earlier: [Key: String] = [:]

        mutating func keep(_ token: String, _ key: Key) {
            if recent.count >= TaskIDs.generationCount {
                earlier = recent
                recent = [:]
            }
            recent[key] = token
        }
    }

    fileprivate static let generationCount = 4096

    private let sealer: any TokenSealer
    private let shared = Mutex(Shared())

    init(sealer: any TokenSealer) { self.sealer = sealer }

    /// The id under which the owner knows a task; the same each time, while it is remembered.
    func expose(_ task: Task, to owner: Owner) -> String {
        let key = Key(task: task, owner: owner)
        if let known = shared.withLock({ $0.recent[key] ?? $0.earlier[key] }) { return known }
        let token = sealer.seal(
            Array(task.server.utf8) + [0] + Array(task.id.utf8), context: owner.context)
        shared.withLock { $0.keep(token, key) }
        return token
    }

    /// The task that the owner means; nil if the id is not one of the gateway's for this owner.
    func open(_ token: String, of owner: Owner) -> Task? {
        guard let value = sealer.open(token, context: owner.context), let end = value.firstIndex(of: 0),
            let server = String(validating: value[..<end], as: UTF8.self),
            let id = String(validating: value[(end + 1)...], as: UTF8.self)
        else { return nil }
        let task = Task(server: server, id: id)
        shared.withLock { $0.keep(token, Key(task: task, owner: owner)) }
        return task
    }

    /// Whether the owner was told of the task not long ago.
    func isKnown(_ task: Task, to owner: Owner) -> Bool {
        let key = Key(task: task, owner: owner)
        return shared.withLock { $0.recent[key] != nil || $0.earlier[key] != nil }
    }
}

extension Incoming.Client {
    var taskOwner: TaskIDs.Owner { TaskIDs.Owner(principal: principal, era: era) }
}
