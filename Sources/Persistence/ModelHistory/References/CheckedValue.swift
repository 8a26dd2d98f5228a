import Crypto

/// A small value behind which the SHA-256 of its key and of itself stands, cut short, so that no damage of it
/// is taken for another value.
enum CheckedValue {
    private static let digestBytes = 8

    static func make(_ value: [UInt8], for key: [UInt8]) -> [UInt8] { value + digest(value, key) }

    /// nil if it is not what was made for the key.
    static func read(_ bytes: [UInt8], for key: [UInt8]) -> [UInt8]? {
        guard bytes.count >= digestBytes else { return nil }
        let value = Array(bytes.dropLast(digestBytes))
        return digest(value, key) == Array(bytes.suffix(digestBytes)) ? value : nil
    }

    private static func digest(_ value: [UInt8], _ key: [UInt8]) -> [UInt8] {
        var writer = CanonicalWriter()
        writer.count(key.count)
        writer.raw(key)
        writer.raw(value)
        return Array(SHA256.hash(data: writer.bytes).prefix(digestBytes))
    }
}
