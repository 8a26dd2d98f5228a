/// What a bundle begins with.
///
/// | bytes | what, all numbers big-endian |
/// |---|---|
/// | 8 | `ATTUNEMB` |
/// | 4, 4 | the format, 1, and how many bytes of this header follow |
/// | | the model, what HEAD was on or empty, the number of references, and each as text with its id |
/// | 4 | how many objects follow: each with its id (32), the length of its record (4) and the record |
/// | 32 | after the last object: the SHA-256 of all before |
///
/// An object comes after the one that it is stored as a difference to.
struct BundleHeader: Equatable {
    static let magic = Array("ATTUNEMB".utf8)
    static let format: UInt32 = 1
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
        var writer = CanonicalWriter()
        writer.raw(Self.magic)
        writer.integer(Self.format)
        writer.count(body.bytes.count)
        writer.raw(body.bytes)
        return writer.bytes
    }

    init(
        model: ModelName, references: [(reference: Reference, target: ObjectID)], head: ModelName?,
        objects: Int
    ) {
        self.model = model
        self.references = references
        self.head = head
        self.objects = objects
    }

    /// How many bytes of the header follow its front.
    static func length(_ front: [UInt8]) throws(HistoryError) -> Int {
        var reader = CanonicalReader(front)
        guard reader.raw(magic.count).map(Array.init) == magic, let format = reader.integer(UInt32.self)
        else {
            throw .bundle(.notBundle)
        }
        guard format == Self.format else { throw .bundle(.unsupportedVersion(format)) }
        guard let length = reader.count(upTo: mostBytes) else { throw .bundle(.notBundle) }
        return length
    }

    /// - Parameter body: what follows the front.
    init(_ body: [UInt8]) throws(HistoryError) {
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
        guard let objects = reader.count(upTo: Self.mostObjects), reader.isAtEnd else {
            throw .bundle(.notBundle)
        }
        self.init(model: model, references: references, head: ModelName(head), objects: objects)
    }
}
