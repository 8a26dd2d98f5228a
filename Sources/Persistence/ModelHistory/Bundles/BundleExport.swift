import Crypto
import Storage

/// Writes a model's history as one file that needs nothing else.
struct BundleExport {
    private let reader: ModelReader
    private let model: ModelName
    private var hasher = SHA256()

    init(_ reader: ModelReader, _ model: ModelName) {
        self.reader = reader
        self.model = model
    }

    /// - Parameter sink: takes the file's bytes, in order.
    mutating func run(
        _ references: [(reference: Reference, target: ObjectID)],
        _ sink: ([UInt8]) throws(HistoryError) -> Void
    ) throws(HistoryError) -> BundleHeader {
        let objects = try Reachability(reader).mark(from: Set(references.map(\.target)))
        try HistoryError.check(.bundleObjects, objects.count, BundleHeader.mostObjects)
        let order = try order(objects)
        var head: ModelName?
        if case .branch(let name) = try reader.head(model)?.head,
            references.contains(where: { $0.reference == .branch(name) })
        {
            head = name
        }
        let header = BundleHeader(
            model: model, references: references, head: head, objects: order.count,
            grafts: try grafts(objects))
        try give(header.encoded, sink)
        for id in order {
            let record = try record(id, objects)
            var writer = CanonicalWriter()
            writer.id(id)
            writer.count(record.count)
            try give(writer.bytes, sink)
            try give(record, sink)
        }
        try sink(Array(hasher.finalize()))
        return header
    }

    private mutating func give(
        _ bytes: [UInt8], _ sink: ([UInt8]) throws(HistoryError) -> Void
    ) throws(HistoryError) {
        hasher.update(data: bytes)
        try sink(bytes)
    }

    /// Of those of the commits that have some.
    private func grafts(_ objects: Set<ObjectID>) throws(HistoryError) -> [ObjectID: [ObjectID]] {
        var found: [ObjectID: [ObjectID]] = [:]
        for id in objects {
            if let parents = try reader.grafts.parents(of: id) { found[id] = parents }
        }
        return found
    }

    /// Each after what it is stored as a difference to; the same for the same objects.
    private func order(_ objects: Set<ObjectID>) throws(HistoryError) -> [ObjectID] {
        var deltas: [ObjectID: [ObjectID]] = [:]
        var open: [ObjectID] = []
        for id in objects.sorted() {
            guard let record = try reader.shelf.record(id) else { throw .damaged(id, .missing) }
            if let base = record.base, objects.contains(base.id) {
                deltas[base.id, default: []].append(id)
            } else {
                open.append(id)
            }
        }
        var order: [ObjectID] = []
        while let id = open.popLast() {
            order.append(id)
            open += deltas.removeValue(forKey: id) ?? []
        }
        return order
    }

    private func record(_ id: ObjectID, _ objects: Set<ObjectID>) throws(HistoryError) -> [UInt8] {
        guard let bytes = try reader.shelf.value(of: id), let record = ObjectRecord(bytes),
            ObjectRecord.isWritten(bytes, as: id)
        else { throw .damaged(id, .record) }
        guard let base = record.base, !objects.contains(base.id) else { return bytes }
        // What it is a difference to is no part of this history: it goes as a whole.
        return ObjectRecord(try reader.shelf.content(id, record.kind), record.kind).encoded(as: id)
    }
}

extension ModelReader {
    /// Gives the bytes of a file that holds a model's history, all of it or what some references lead to.
    ///
    /// - Returns: how many objects there are in it.
    /// - Throws: `noModel`, `damaged`, and what the sink throws.
    @discardableResult public func bundle(
        _ model: ModelName, _ chosen: [Reference] = [], into sink: ([UInt8]) throws(HistoryError) -> Void
    ) throws(HistoryError) -> Int {
        guard try references.head(model) != nil else { throw .noModel(model.text) }
        var found = try references(model)
        if !chosen.isEmpty { found.removeAll { !chosen.contains($0.reference) } }
        for reference in chosen where !found.contains(where: { $0.reference == reference }) {
            throw .noSuch(reference.kind, reference.name)
        }
        var export = BundleExport(self, model)
        return try export.run(found, sink).objects
    }
}
