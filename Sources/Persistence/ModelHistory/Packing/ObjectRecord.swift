import Crypto

/// An object as it is stored: whole, or as a delta against another one; with LZ4 where that saves space.
///
/// | offset | bytes | what, all numbers big-endian |
/// |---|---|---|
/// | 0 | 1 | format, 1 |
/// | 1 | 1 | `ObjectKind` |
/// | 2 | 1 | 1: the payload is an LZ4 block; 2: it is a delta |
/// | 3 | 4 | bytes of the object |
/// | 7 | 4 | bytes of the payload before LZ4 |
/// | 11 | 32, 4, 4 | of a delta: the id of what it is against, the chain's weight, the chain's bytes |
/// | | | the payload |
/// | | 8 | the SHA-256 of the object's id and of all before, cut short |
///
/// Nothing of it goes into the object's id, so how an object is stored may differ from machine to machine.
struct ObjectRecord: Equatable {
    private static let format: UInt8 = 1
    private static let digestBytes = 8
    /// What a read of one object takes at most, in deltas (`DeltaSource.weight`) and in their bytes: four
    /// times the object's.
    static let mostWeight = 256
    static let mostChainBytes = 64 << 20
    static func mostChainBytes(of length: Int) -> Int { min(4 * length, mostChainBytes) }
    /// Smaller objects are stored whole.
    private static let leastDeltaBytes = 256

    let kind: ObjectKind
    let length: Int
    let base: DeltaSource?
    private let isCompressed: Bool
    private let payloadLength: Int
    private let payload: ArraySlice<UInt8>

    /// Bytes of its payload as they are stored.
    var storedBytes: Int { payload.count }

    private init(
        _ kind: ObjectKind, length: Int, base: DeltaSource?, packing payload: [UInt8],
        compressed: [UInt8]? = nil
    ) {
        let compressed = compressed ?? LZ4Block.compress(payload)
        self.kind = kind
        self.length = length
        self.base = base
        isCompressed = compressed.count < payload.count
        payloadLength = payload.count
        self.payload = isCompressed ? compressed[...] : payload[...]
    }

    /// - Parameter older: what it is much the same as, with the record that this is stored as.
    init(
        _ content: [UInt8], _ kind: ObjectKind,
        older: (id: ObjectID, content: [UInt8], record: ObjectRecord)? = nil
    ) {
        guard let older, content.count >= Self.leastDeltaBytes, older.record.isFit else {
            self.init(kind, length: content.count, base: nil, packing: content)
            return
        }
        let delta = BinaryDelta.encode(from: older.content, to: content)
        let isInPlace = BinaryDelta(delta)?.isInPlace ?? false
        let base = DeltaSource(
            id: older.id, weight: (older.record.base?.weight ?? 0) + (isInPlace ? 1 : 2),
            chainBytes: (older.record.base?.chainBytes ?? 0) + delta.count)
        let asDelta = ObjectRecord(kind, length: content.count, base: base, packing: delta)
        if asDelta.isFit, asDelta.storedBytes < content.count / 64 {
            self = asDelta
            return
        }
        let whole = ObjectRecord(kind, length: content.count, base: nil, packing: content)
        self = asDelta.isFit && asDelta.storedBytes < whole.storedBytes / 4 * 3 ? asDelta : whole
    }

    /// Whether reading it takes no more than is allowed.
    private var isFit: Bool {
        guard let base else { return true }
        return base.weight <= Self.mostWeight && base.chainBytes <= Self.mostChainBytes(of: length)
    }

    // MARK: Its bytes

    func encoded(as id: ObjectID) -> [UInt8] {
        var writer = CanonicalWriter()
        writer.byte(Self.format)
        writer.byte(kind.rawValue)
        writer.byte((isCompressed ? 1 : 0) | (base == nil ? 0 : 2))
        writer.count(length)
        writer.count(payloadLength)
        if let base {
            writer.id(base.id)
            writer.count(base.weight)
            writer.count(base.chainBytes)
        }
        writer.raw(payload)
        writer.raw(Self.digest(id, writer.bytes[...]))
        return writer.bytes
    }

    /// None from bytes that no record has; whether they are those that were written for an object, only
    /// `isWritten` tells.
    init?(_ bytes: [UInt8]) {
        var reader = CanonicalReader(bytes)
        guard reader.byte() == Self.format, let kind = reader.byte().flatMap({ ObjectKind(rawValue: $0) }),
            let flags = reader.byte(), flags <= 3,
            let length = reader.count(upTo: ModelLimits.modelBytes),
            let payloadLength = reader.count(upTo: 2 * ModelLimits.modelBytes)
        else { return nil }
        if flags & 2 == 0 {
            guard payloadLength == length else { return nil }
            base = nil
        } else {
            guard let id = reader.id(), let weight = reader.count(upTo: Self.mostWeight), weight > 0,
                let chainBytes = reader.count(upTo: Self.mostChainBytes(of: length)),
                payloadLength <= chainBytes
            else { return nil }
            base = DeltaSource(id: id, weight: weight, chainBytes: chainBytes)
        }
        guard let payload = reader.raw(reader.left - Self.digestBytes) else { return nil }
        self.kind = kind
        self.length = length
        self.payloadLength = payloadLength
        self.payload = payload
        isCompressed = flags & 1 != 0
        guard isCompressed ? payload.count < payloadLength : payload.count == payloadLength else {
            return nil
        }
    }

    /// Whether all bytes are as they were written for the object.
    static func isWritten(_ bytes: [UInt8], as id: ObjectID) -> Bool {
        let end = bytes.count - digestBytes
        return end > 0 && Array(bytes[end...]) == digest(id, bytes[..<end])
    }

    private static func digest(_ id: ObjectID, _ bytes: ArraySlice<UInt8>) -> [UInt8] {
        var hasher = SHA256()
        hasher.update(data: id.bytes)
        hasher.update(data: bytes)
        return Array(hasher.finalize().prefix(digestBytes))
    }

    // MARK: Its object

    /// Makes the object of what it is against, or of nothing.
    ///
    /// - Returns: false, with the content in doubt, if the record is damaged.
    func apply(to content: inout [UInt8]) -> Bool {
        guard let bytes = unpacked else { return false }
        guard base != nil else {
            content = bytes
            return true
        }
        return BinaryDelta(bytes)?.apply(to: &content, length: length) ?? false
    }

    /// Whether its delta leaves what stays where it is; false without one, or a damaged one.
    var isInPlace: Bool { base != nil && (unpacked.flatMap { BinaryDelta($0) }?.isInPlace ?? false) }

    /// Bytes that its delta adds to a chain.
    var deltaBytes: Int { base == nil ? 0 : payloadLength }

    private var unpacked: [UInt8]? {
        isCompressed ? LZ4Block.decompress(payload, length: payloadLength) : Array(payload)
    }
}
