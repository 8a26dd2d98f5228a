import Crypto

/// A key of 256 bits that values are sealed with, during one epoch: until the next was made.
public struct DataKey: Sendable, Equatable {
    static let length = 32

    /// Counts up from 1.
    public let epoch: UInt32
    public let createdMicroseconds: UInt64
    /// Four bytes, so that two keys of one epoch, as an old copy of a key ring may lead to, are told apart.
    let id: [UInt8]
    let secret: SymmetricKey

    public var idText: String { KeyIdentity.text(id) }

    var bytes: [UInt8] {
        // Proof: the bytes are copied within the closure.
        unsafe secret.withUnsafeBytes { bytes in unsafe Array(bytes) }
    }

    /// A new key, of the system's cryptographic random numbers.
    init(epoch: UInt32, createdMicroseconds: UInt64) {
        var generator = SystemRandomNumberGenerator()
        let bytes = (0..<Self.length).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
        self.init(epoch: epoch, createdMicroseconds: createdMicroseconds, bytes: bytes)
    }

    init(epoch: UInt32, createdMicroseconds: UInt64, bytes: [UInt8]) {
        self.epoch = epoch
        self.createdMicroseconds = createdMicroseconds
        id = KeyIdentity.bytes(of: bytes, "attune data key")
        secret = SymmetricKey(data: bytes)
    }
}

extension DataKey: CustomStringConvertible, CustomReflectable {
    public var description: String { "data key \(epoch) (\(idText))" }
    public var customMirror: Mirror { Mirror(self, children: ["epoch": epoch, "id": idText]) }
}
