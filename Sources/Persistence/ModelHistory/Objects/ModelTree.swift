/// The parts of one version of a model, by their names.
///
/// The bytes: the number of parts, then for each, in the order of the names' bytes, its name, its length and
/// the id of its blob.
public struct ModelTree: Equatable, Sendable {
    public struct Part: Equatable, Sendable {
        public var name: String
        public var byteCount: UInt64
        public var blob: ObjectID
    }

    /// In the order of the names' bytes.
    public let parts: [Part]

    init(_ parts: [Part]) {
        self.parts = parts.sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
    }

    public subscript(name: String) -> Part? { parts.first { $0.name == name } }

    /// Of all parts together.
    public var byteCount: Int { parts.reduce(0) { $0 + Int(clamping: $1.byteCount) } }

    var encoded: [UInt8] {
        var writer = CanonicalWriter()
        writer.count(parts.count)
        for part in parts {
            writer.text(part.name)
            writer.integer(part.byteCount)
            writer.id(part.blob)
        }
        return writer.bytes
    }

    /// None from bytes that no tree wrote.
    init?(_ bytes: [UInt8]) {
        var reader = CanonicalReader(bytes)
        guard let count = reader.count(upTo: ModelLimits.parts) else { return nil }
        var found: [Part] = []
        for _ in 0..<count {
            guard let name = reader.text(upTo: ModelLimits.nameBytes), ModelName(name)?.isFlat == true,
                let byteCount = reader.integer(UInt64.self), byteCount <= UInt64(ModelLimits.modelBytes),
                let blob = reader.id()
            else { return nil }
            if let last = found.last, !last.name.utf8.lexicographicallyPrecedes(name.utf8) { return nil }
            found.append(Part(name: name, byteCount: byteCount, blob: blob))
        }
        guard reader.isAtEnd else { return nil }
        parts = found
        guard byteCount <= ModelLimits.modelBytes else { return nil }
    }
}
