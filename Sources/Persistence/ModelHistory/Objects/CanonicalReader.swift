/// Reads what `CanonicalWriter` wrote, from bytes that may be anything.
///
/// Every function returns nil, and goes on doing so, once the bytes are not what they should be.
struct CanonicalReader {
    private let bytes: [UInt8]
    private(set) var position = 0
    private var isBroken = false

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    /// Whether all was read and nothing was wrong.
    var isAtEnd: Bool { !isBroken && position == bytes.count }

    var left: Int { isBroken ? 0 : bytes.count - position }

    mutating func byte() -> UInt8? { integer(UInt8.self) }

    mutating func integer<Integer: FixedWidthInteger & UnsignedInteger>(_: Integer.Type) -> Integer? {
        guard let run = raw(Integer.bitWidth / 8) else { return nil }
        return run.reduce(Integer(0)) { value, byte in
            Integer.bitWidth == 8 ? Integer(byte) : value << 8 | Integer(byte)
        }
    }

    /// A count of at most `limit`.
    mutating func count(upTo limit: Int) -> Int? {
        guard let value = integer(UInt32.self), Int(value) <= limit else {
            isBroken = true
            return nil
        }
        return Int(value)
    }

    /// UTF-8 of at most `limit` bytes.
    mutating func text(upTo limit: Int) -> String? {
        guard let length = count(upTo: limit), let run = raw(length),
            let text = String(validating: run, as: UTF8.self)
        else {
            isBroken = true
            return nil
        }
        return text
    }

    mutating func id() -> ObjectID? { raw(ObjectID.byteCount).flatMap { ObjectID($0) } }

    mutating func raw(_ length: Int) -> ArraySlice<UInt8>? {
        guard !isBroken, length >= 0, length <= bytes.count - position else {
            isBroken = true
            return nil
        }
        defer { position += length }
        return bytes[position..<position + length]
    }

    /// All that is left.
    mutating func rest() -> ArraySlice<UInt8> { raw(left) ?? [] }
}
