import Identifiers
import ModelHistory
import Orchestration
import Telemetry
import Wire

/// Carries out what operators ask of the models' history, for whoever has the store open.
package struct ModelDesk: Sendable {
    /// Those who know what the parts of models mean.
    package static let kinds: [any ModelKind] = [LearnerModel()]
    private static let mostDays = 36_500

    private let repository: ModelRepository

    package init(_ repository: ModelRepository) { self.repository = repository }

    /// - Parameter source: gives as many of the bytes behind the request as it is asked for.
    package func perform(
        _ request: ModelRequest, source: @escaping (Int) throws(HistoryError) -> [UInt8]
    ) -> ModelReply {
        do throws(HistoryError) {
            guard let model = ModelName(request.model), model.isFlat else {
                throw .malformedName(.model, request.model)
            }
            let act = Act(author: request.author, microseconds: WallClock.microseconds)
            try HistoryError.check(author: request.author)
            switch request.deed {
            case .checkout, .rollback, .tag, .branch, .deleteTag, .deleteBranch:
                return try point(request, model, act)
            case .merge, .revert: return try combine(request, model)
            case .collect(let days, let versionDays): return try collect(days, versionDays)
            case .take(let bytes):
                return Self.reply(try repository.importBundle(byteCount: bytes, act, from: source))
            }
        } catch {
            return ModelReply(error)
        }
    }

    // MARK: References

    private func point(
        _ request: ModelRequest, _ model: ModelName, _ act: Act
    ) throws(HistoryError) -> ModelReply {
        let reader = repository.reader
        switch request.deed {
        case .checkout(let target):
            var head: Head?
            if let name = ModelName(target), try repository.has(.branch(name), of: model) {
                head = .branch(name)
            }
            let id = try reader.resolve(target, of: model)
            try repository.checkout(model, head ?? .detached(id), act)
            return try reply("HEAD is at", id, on: head)
        case .rollback(let revision):
            let id = try reader.resolve(revision, of: model)
            try repository.rollback(model, to: id, act)
            return try reply("rolled back to", id)
        case .tag(let text, let revision):
            let id = try reader.resolve(revision, of: model)
            try repository.tag(model, try Self.name(text, .tag), at: id, act)
            return try reply("tagged", id)
        case .branch(let text, let revision):
            let id = try reader.resolve(revision, of: model)
            try repository.branch(model, try Self.name(text, .branch), at: id, act)
            return try reply("branch \(text) is at", id)
        case .deleteTag(let text):
            try repository.delete(model, .tag(try Self.name(text, .tag)), act)
            return Self.deleted("tag", text)
        case .deleteBranch(let text):
            try repository.delete(model, .branch(try Self.name(text, .branch)), act)
            return Self.deleted("branch", text)
        case .merge, .revert, .collect, .take: return .malformed
        }
    }

    private static func name(
        _ text: String, _ kind: HistoryError.NameKind
    ) throws(HistoryError) -> ModelName {
        guard let name = ModelName(text) else { throw .malformedName(kind, text) }
        return name
    }

    // MARK: Versions

    private func combine(_ request: ModelRequest, _ model: ModelName) throws(HistoryError) -> ModelReply {
        let reader = repository.reader
        func metadata(_ message: String) -> CommitMetadata {
            CommitMetadata(
                author: request.author, message: request.message.isEmpty ? message : request.message,
                microseconds: WallClock.microseconds, codeVersion: GatewayVersion.text)
        }
        switch request.deed {
        case .merge(let revision, let weight, let allowsUnrelated, let alwaysCommits):
            let other = try reader.resolve(revision, of: model)
            var rules = MergeRules()
            rules.weight = weight
            rules.allowsUnrelated = allowsUnrelated
            rules.alwaysCommits = alwaysCommits
            let outcome = try repository.merge(
                model, with: other, rules, kinds: Self.kinds, metadata: metadata("merge \(revision)"))
            switch outcome {
            case .upToDate(let id): return try reply("up to date:", id)
            case .forwarded(let id): return try reply("went on to", id)
            case .merged(let id, _): return try reply("merged as", id)
            }
        case .revert(let revision):
            let id = try reader.resolve(revision, of: model)
            let title = try reader.commit(id).title
            let made = try repository.revert(
                model, id, kinds: Self.kinds,
                metadata: metadata("revert \"\(title)\"\n\nThis undoes the commit \(id)."))
            return try reply("reverted as", made)
        default: return .malformed
        }
    }

    private func collect(_ days: Int, _ versionDays: Int) throws(HistoryError) -> ModelReply {
        let microseconds = UInt64(min(max(days, 0), Self.mostDays)) * 86_400_000_000
        let now = WallClock.microseconds
        let retention = Retention(modelDays: min(versionDays, Self.mostDays))
        let thinned = try retention.map { rule throws(HistoryError) in try repository.thin(rule, now: now) }
        let report = try repository.collect(reflogsBefore: now > microseconds ? now - microseconds : 0)
        var json = JSONWriter(capacity: 256)
        json.beginObject()
        json.field("removed_versions", thinned?.versions ?? 0)
        json.field("kept_objects", report.keptObjects)
        json.field("removed_objects", report.removedObjects)
        json.field("removed_bytes", report.removedBytes)
        json.field("removed_reflog_entries", report.removedReflogEntries)
        json.endObject()
        let text =
            "let go of \(thinned?.versions ?? 0) versions; removed \(report.removedObjects) objects with \(report.removedBytes) bytes and "
            + "\(report.removedReflogEntries) entries of reflogs; kept \(report.keptObjects) objects"
        return .done(text: text, data: json.bytes)
    }

    // MARK: Replies

    private func reply(
        _ what: String, _ id: ObjectID, on head: Head? = nil
    ) throws(HistoryError) -> ModelReply {
        let commit = try repository.reader.commit(id)
        var json = JSONWriter(capacity: 256)
        json.beginObject()
        json.field("id", id.hex)
        json.field("version", Int(clamping: commit.version))
        json.field("model", commit.model.text)
        json.field("message", commit.message)
        if case .branch(let name) = head { json.field("branch", name.text) }
        json.endObject()
        var text = "\(what) \(id.short) v\(commit.version) \(commit.title)"
        if case .branch(let name) = head { text += " (\(name))" }
        return .done(text: text, data: json.bytes)
    }

    private static func deleted(_ kind: StaticString, _ name: String) -> ModelReply {
        var json = JSONWriter(capacity: 64)
        json.beginObject()
        json.field("deleted", name)
        json.endObject()
        return .done(text: "deleted the \(kind) \(name)", data: json.bytes)
    }

    private static func reply(_ report: ImportReport) -> ModelReply {
        var json = JSONWriter(capacity: 256)
        json.beginObject()
        json.field("model", report.model.text)
        json.field("objects", report.objects)
        json.field("new_objects", report.newObjects)
        json.field("new_model", report.isNewModel)
        json.key("references")
        json.beginArray()
        for reference in report.references { json.value(reference.text) }
        json.endArray()
        json.endObject()
        let names = report.references.map(\.text).joined(separator: ", ")
        let text =
            "\(report.newObjects) new objects of \(report.objects) for the model \(report.model); "
            + (names.isEmpty ? "nothing moved" : "now there: \(names)")
        return .done(text: text, data: json.bytes)
    }
}
