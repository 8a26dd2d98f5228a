/// One version of a model: its parts, where it came from, and how it was made.
public struct ModelCommit: Equatable, Sendable {
    public var model: ModelName
    /// What the parts are, such as `attune.tools`: who can tell two versions' differences and merge them.
    public var kind: ModelName
    public var tree: ObjectID
    /// The `LearningData` that the version was judged with.
    public var data: ObjectID
    /// The first is the version that this one went on from; none for a root.
    public var parents: [ObjectID]
    /// The distance from the root along first parents.
    public var version: UInt64
    public var author: String
    public var message: String
    /// In microseconds since 1970.
    public var microseconds: UInt64
    public var window: TrainingWindow
    public var seed: UInt64
    public var codeVersion: String
    /// Finite numbers.
    public var metrics: [String: Double]

    /// The message's first line.
    public var title: String { message.split(separator: "\n").first.map(String.init) ?? "" }
}

extension ModelCommit {
    private static let format: UInt8 = 1

    /// The bytes that the id is made of, with metrics in the order of their names' bytes.
    var encoded: [UInt8] {
        var writer = CanonicalWriter()
        writer.byte(Self.format)
        writer.text(model.text)
        writer.text(kind.text)
        writer.id(tree)
        writer.id(data)
        writer.count(parents.count)
        for parent in parents { writer.id(parent) }
        writer.integer(version)
        writer.integer(microseconds)
        writer.integer(window.from)
        writer.integer(window.to)
        writer.integer(seed)
        writer.text(author)
        writer.text(codeVersion)
        writer.text(message)
        writer.count(metrics.count)
        let sorted = metrics.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
        for (name, value) in sorted {
            writer.text(name)
            writer.integer(value.bitPattern)
        }
        return writer.bytes
    }

    /// None from bytes that no commit wrote.
    init?(_ bytes: [UInt8]) {
        var reader = CanonicalReader(bytes)
        guard reader.byte() == Self.format,
            let model = reader.text(upTo: ModelLimits.nameBytes).flatMap({ ModelName($0) }), model.isFlat,
            let kind = reader.text(upTo: ModelLimits.nameBytes).flatMap({ ModelName($0) }),
            let tree = reader.id(),
            let data = reader.id(), let parents = Self.parents(&reader),
            let version = reader.integer(UInt64.self), (version == 0) == parents.isEmpty,
            // So that a child has a number.
            version < .max,
            let microseconds = reader.integer(UInt64.self), let from = reader.integer(UInt64.self),
            let to = reader.integer(UInt64.self), let seed = reader.integer(UInt64.self),
            let author = reader.text(upTo: ModelLimits.authorBytes),
            let codeVersion = reader.text(upTo: ModelLimits.nameBytes),
            let message = reader.text(upTo: ModelLimits.messageBytes),
            let metrics = Self.metrics(&reader), reader.isAtEnd
        else { return nil }
        self.init(
            model: model, kind: kind, tree: tree, data: data, parents: parents, version: version,
            author: author, message: message, microseconds: microseconds,
            window: TrainingWindow(from: from, to: to), seed: seed, codeVersion: codeVersion,
            metrics: metrics)
    }

    private static func parents(_ reader: inout CanonicalReader) -> [ObjectID]? {
        guard let count = reader.count(upTo: ModelLimits.parents) else { return nil }
        var found: [ObjectID] = []
        for _ in 0..<count {
            guard let parent = reader.id(), !found.contains(parent) else { return nil }
            found.append(parent)
        }
        return found
    }

    private static func metrics(_ reader: inout CanonicalReader) -> [String: Double]? {
        guard let count = reader.count(upTo: ModelLimits.metrics) else { return nil }
        var found: [String: Double] = [:]
        var last: String?
        for _ in 0..<count {
            // Two names that Unicode holds to be the same are one key.
            guard let name = reader.text(upTo: ModelLimits.nameBytes), found[name] == nil,
                let bits = reader.integer(UInt64.self), Double(bitPattern: bits).isFinite,
                last.map({ $0.utf8.lexicographicallyPrecedes(name.utf8) }) ?? true
            else { return nil }
            found[name] = Double(bitPattern: bits)
            last = name
        }
        return found
    }
}
