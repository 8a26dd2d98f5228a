import Assembly
import Configuration
import RocksStorage
import Storage
import Wire

/// What needs a store for itself, or else a gateway that has it open.
enum OpenStore {
    /// What came of it.
    struct Done {
        var path: String
        var bytesBefore: Int
        var bytesAfter: Int
    }

    /// Makes a copy at a path.
    static func checkpoint(
        _ store: DataStore, to path: String, _ configuration: GatewayConfiguration
    ) async throws(CommandFailure) -> Done {
        try await run(store, configuration, "checkpoint", path) { opened throws(StorageError) in
            try store.checkpoint(opened, to: path, configuration)
        }
    }

    /// Rewrites its files.
    static func compact(
        _ store: DataStore, _ configuration: GatewayConfiguration
    ) async throws(CommandFailure) -> Done {
        try await run(store, configuration, "compact", nil) { opened throws(StorageError) in
            try opened.compact()
        }
    }

    private static func run(
        _ store: DataStore, _ configuration: GatewayConfiguration, _ task: String, _ target: String?,
        _ body: (RocksStore) throws(StorageError) -> Void
    ) async throws(CommandFailure) -> Done {
        let before = store.diskBytes(configuration)
        do throws(StorageError) {
            let opened = try store.open(configuration)
            try body(opened)
            try opened.close()
            let path = target ?? store.path(configuration)
            await ActNote.leave(OperatorAct("store \(task)", .applied, [path]), configuration)
            return Done(
                path: path, bytesBefore: before, bytesAfter: store.diskBytes(configuration))
        } catch {
            guard case .locked = error else { throw .storing(error) }
            guard store == .learner else { return try await ask(task, target, configuration) }
            try askLearner(target, configuration, locked: error)
            let path = target ?? store.path(configuration)
            await ActNote.leave(OperatorAct("store \(task)", .applied, [path]), configuration)
            return Done(
                path: path, bytesBefore: before, bytesAfter: store.diskBytes(configuration))
        }
    }

    /// Has the learner do it that has the store open.
    private static func askLearner(
        _ target: String?, _ configuration: GatewayConfiguration, locked: StorageError
    ) throws(CommandFailure) {
        let reply: ModelReply
        do throws(ModelLinkFault) {
            reply = try ModelStore(configuration).perform(target.map { .checkpoint(path: $0) } ?? .compact)
        } catch {
            // Nobody who could be asked has it.
            if case .absent = error { throw .storing(locked) }
            throw .modelChange(
                reason: "the learner did not answer: \(error)",
                next: "see how it is with `attune status`, and run the command again")
        }
        if case .failed(let reason, let next) = reply { throw .modelChange(reason: reason, next: next) }
    }

    /// Has the gateway do it that has the store open.
    private static func ask(
        _ task: String, _ target: String?, _ configuration: GatewayConfiguration
    ) async throws(CommandFailure) -> Done {
        var body = JSONWriter(capacity: 256)
        body.beginObject()
        if let target { body.field("path", target) }
        body.endObject()
        let answer = try await AdminClient(configuration).post("/api/v1/store/\(task)", body: body.bytes)
        return Done(
            path: answer["path"]?.string ?? "", bytesBefore: Int(clamping: answer["bytes_before"]?.int ?? 0),
            bytesAfter: Int(clamping: answer["bytes_after"]?.int ?? 0))
    }
}
