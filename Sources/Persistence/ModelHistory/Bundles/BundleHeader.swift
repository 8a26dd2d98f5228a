/// What a bundle begins with.
///
/// | bytes | what, all numbers big-endian |
/// |---|---|
/// | 8 | `ATTUNEMB` |
/// | 4, 4 | the format, 1 or 2, and how many bytes of this header follow |
/// | | the model, what HEAD was on or empty, the number of references, and each as text with its id |
/// | 4 | how many objects follow: each with its id (32), the length of its record (4) and the record |
/// | | of format 2: how many commits go on from others than their parents, each with its id and theirs |
/// | 32 | after the last object: the SHA-256 of all before |
///
/// An object comes after the one that it is stored as a difference to.
struct BundleHeader: Equatable {
    static let magic = Array("ATTUNEMB".utf8)
    static let format: UInt32 = 1
    /// With grafts.
    static let graftedFormat: UInt32 = 2
    /// Magic, format and length.
    static let frontBytes = 16
    static let mostBytes = 2 << 20
    static let mostObjects = 1_000_000
    static let digestBytes = 32
    /// Before an object's record.
    static let objectBytes = ObjectID.byteCount + 4

    var model: ModelName
    /// Branches and tags.
    var references: [(reference: Reference, target: ObjectID)]
    /// The branch that HEAD was on; nil if it was on a commit by itself.
    var head: ModelName?
    var objects: Int
    var grafts: [ObjectID: [ObjectID]] = [:]

    static func == (left: BundleHeader, right: BundleHeader) -> Bool { left.encoded == right.encoded }

    var encoded: [UInt8] {
        var body = CanonicalWriter()
        body.text(model.text)
        body.text(head?.text ?? "")
        body.count(references.count)
        for (reference, target) in references {
            body.text(reference.text)
            body.id(target)
        }
        body.count(objects)
        if !grafts.isEmpty { body.count(grafts.count) }
        for (id, parents) in grafts.sorted(by: { $0.key < $1.key }) {
            body.id(id)
            body.count(parents.count)
            for parent in parents { body.id(parent) }
        }
        var writer = CanonicalWriter()
        writer.raw(Self.magic)
        writer.integer(grafts.isEmpty ? Self.format : Self.graftedFormat)
        writer.count(body.bytes.count)
        writer.raw(body.bytes)
        return writer.bytes
    }

    init(
        model: ModelName, references: [(reference: Reference, target: ObjectID)], head: ModelName?,
        objects: Int, grafts: [ObjectID: [ObjectID]] = [:]
    ) {
        self.model = model
        self.references = references
        self.head = head
        self.objects = objects
        self.grafts = grafts
    }

    /// How many bytes of the header follow its front.
    static func length(_ front: [UInt8]) throws(HistoryError) -> (length: Int, isGrafted: Bool) {
        var reader = CanonicalReader(front)
        guard reader.raw(magic.count).map(Array.init) == magic, let format = reader.integer(UInt32.self)
        else {
            throw .bundle(.notBundle)
        }
        guard format == Self.format || format == Self.graftedFormat else {
            throw .bundle(.unsupportedVersion(format))
        }
        guard let length = reader.count(upTo: mostBytes) else { throw .bundle(.notBundle) }
        return (length, format == Self.graftedFormat)
    }

    /// - Parameters:
    ///   - body: what follows the front.
    ///   - isGrafted: whether the front says that there are grafts.
    init(_ body: [UInt8], isGrafted: Bool) throws(HistoryError) {
        var reader = CanonicalReader(body)
        guard let model = reader.text(upTo: ModelLimits.nameBytes).flatMap({ ModelName($0) }), model.isFlat,
            let head = reader.text(upTo: ModelLimits.nameBytes),
            let count = reader.count(upTo: ModelLimits.references)
        else { throw .bundle(.notBundle) }
        var references: [(reference: Reference, target: ObjectID)] = []
        for _ in 0..<count {
            guard let text = reader.text(upTo: 2 * ModelLimits.nameBytes), let target = reader.id() else {
                throw .bundle(.notBundle)
            }
            guard let reference = Reference(text), reference != .head,
                !references.contains(where: { $0.reference == reference })
            else { throw .bundle(.reference(text)) }
            references.append((reference, target))
        }
        guard let objects = reader.count(upTo: Self.mostObjects),
            let grafts = isGrafted ? Self.grafts(&reader) : [:], reader.isAtEnd
        else { throw .bundle(.notBundle) }
        self.init(
            model: model, references: references, head: ModelName(head), objects: objects, grafts: grafts)
    }

    /// In the order of their commits, so that they have one encoding only.
    private static func grafts(_ reader: inout CanonicalReader) -> [ObjectID: [ObjectID]]? {
        guard let count = reader.count(upTo: mostObjects), count > 0 else { return nil }
        var grafts: [ObjectID: [ObjectID]] = [:]
        var last: ObjectID?
        for _ in 0..<count {
            guard let id = reader.id(), last.map({ $0 < id }) ?? true,
                let parents = GraftTable.read(&reader)
            else { return nil }
            grafts[id] = parents
            last = id
        }
        return grafts
    }
}
