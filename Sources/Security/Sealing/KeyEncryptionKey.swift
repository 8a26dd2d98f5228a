import Crypto

/// The operator's key of 256 bits, which wraps data keys and nothing else.
public struct KeyEncryptionKey: Sendable, Equatable {
    public static let length = 32
    private static let label = Array("attune key ring 1".utf8)

    /// Tells keys apart without giving them away: 8 hexadecimal digits of a hash.
    public let id: String
    /// Derived, so that an operator who uses the same secret elsewhere has not used the same key.
    let wrapping: SymmetricKey

    /// - Returns: nil unless there are 32 bytes.
    public init?(_ bytes: [UInt8]) {
        guard bytes.count == Self.length else { return nil }
        id = KeyIdentity.text(KeyIdentity.bytes(of: bytes, "attune key-encryption key"))
        wrapping = HKDF<SHA256>.deriveKey(
            inputKeyMaterial: SymmetricKey(data: bytes), info: Self.label, outputByteCount: Self.length)
    }

    public static func == (one: Self, other: Self) -> Bool { one.wrapping == other.wrapping }
}
