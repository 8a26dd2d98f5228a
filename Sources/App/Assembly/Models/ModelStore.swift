import Configuration
import Foundation
import ModelHistory
import RocksStorage
import Storage

/// Where commands find the history of models: in the learner's store, which the learner has open while it
/// runs.
package struct ModelStore: Sendable {
    /// How long a change may take: a merge of large models, an import, a collection.
    private static let patienceSeconds = 3600
    private static let pieceBytes = 1 << 20

    private let configuration: GatewayConfiguration

    package init(_ configuration: GatewayConfiguration) { self.configuration = configuration }

    /// Reads beside a learner that runs.
    /// - Throws: what `body` throws, and `storage`; `missing` in it where no learner has kept anything.
    package func reading<Result>(
        _ body: (ModelReader) throws(HistoryError) -> Result
    ) throws(HistoryError) -> Result {
        var result: Swift.Result<Result, HistoryError>?
        do throws(StorageError) {
            try DataStore.learner.reading(configuration) { secondary in
                do throws(HistoryError) {
                    result = .success(try body(ModelReader(secondary)))
                } catch {
                    result = .failure(error)
                }
            }
        } catch {
            throw .storage(error)
        }
        guard let result else { throw .storage(.closed) }
        return try result.get()
    }

    /// Has the learner make a change, or makes it where none runs.
    ///
    /// - Parameter bundle: the file that the request tells of.
    package func perform(_ request: ModelRequest, bundle: FileHandle? = nil) throws(HistoryError)
        -> ModelReply
    {
        do throws(ModelLinkFault) {
            return try ask(request, bundle)
        } catch {
            guard case .absent = error else {
                return .failed(
                    reason: "the learner did not answer: \(error)",
                    next: "see how it is with `attune status`, and run the command again")
            }
        }
        let settings = RocksSettings(configuration.persistence)
        let store = try HistoryError.opening { () throws(StorageError) in
            try DataStore.learner.open(
                configuration, keys: StoreKeys(configuration, creates: request.isImport),
                families: ModelRepository.families, settings: settings, create: request.isImport
            ).store
        }
        let reply = ModelDesk(ModelRepository(store)).perform(request) { count throws(HistoryError) in
            guard let data = try? bundle?.read(upToCount: count), data.count == count else {
                throw .bundle(.cutShort)
            }
            return Array(data)
        }
        try HistoryError.opening { () throws(StorageError) in try store.close() }
        return reply
    }

    /// Has the learner do something with the store that it has open.
    ///
    /// - Throws: `absent` if no learner runs.
    package func perform(_ task: LearnerStoreRequest) throws(ModelLinkFault) -> ModelReply {
        let connection = try ModelConnection.connect(
            configuration.modelSocketPath, seconds: Self.patienceSeconds)
        try connection.writeFrame(task.encoded)
        return try Self.reply(connection)
    }

    private static func reply(_ connection: ModelConnection) throws(ModelLinkFault) -> ModelReply {
        guard let reply = ModelReply(try connection.readFrame(upTo: ModelConnection.mostReplyBytes)) else {
            throw .malformed
        }
        return reply
    }

    private func ask(
        _ request: ModelRequest, _ bundle: FileHandle?
    ) throws(ModelLinkFault) -> ModelReply {
        let connection = try ModelConnection.connect(
            configuration.modelSocketPath, seconds: Self.patienceSeconds)
        try connection.writeFrame(request.encoded)
        if case .take(let bytes) = request.deed {
            var left = bytes
            while left > 0, let piece = try? bundle?.read(upToCount: min(left, Self.pieceBytes)),
                !piece.isEmpty
            {
                left -= piece.count
                do throws(ModelLinkFault) {
                    try connection.write(Array(piece))
                } catch {
                    // It may have refused the bundle already, and says why.
                    break
                }
            }
        }
        return try Self.reply(connection)
    }
}

extension ModelRequest {
    fileprivate var isImport: Bool { if case .take = deed { true } else { false } }
}

extension HistoryError {
    fileprivate static func opening<Result>(
        _ body: () throws(StorageError) -> Result
    ) throws(HistoryError) -> Result {
        do throws(StorageError) { return try body() } catch { throw .storage(error) }
    }
}

extension GatewayConfiguration {
    /// Where the process that has the learner's store open takes the requests of `attune model`.
    package var modelSocketPath: String { "\(runtimeDirectory)/models-\(core.listen.port).sock" }
}
