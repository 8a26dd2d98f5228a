import Crypto
import Foundation

/// A secret of 256 bits from which the keys of tokens are derived.
package struct SealingKey: Sendable, Equatable {
    /// The bytes of the secret.
    package static let length = 32

    let secret: SymmetricKey
    /// Tells which key a token was sealed with: the first bytes of a hash of the secret.
    let id: [UInt8]

    static let idLength = 4

    /// A key from the system's cryptographic random numbers.
    package init() { self.init(secret: SymmetricKey(size: .bits256)) }

    /// - Returns: nil unless there are 32 bytes.
    package init?(bytes: [UInt8]) {
        guard bytes.count == Self.length else { return nil }
        self.init(secret: SymmetricKey(data: bytes))
    }

    /// Reads 64 hexadecimal digits or 32 bytes in base64 or base64url, as `openssl rand -hex 32` and
    /// `openssl rand -base64 32` print them.
    package init?(text: some StringProtocol) {
        let digits = Array(text.utf8)
        if digits.count == 2 * Self.length {
            guard let bytes = Hexadecimal.bytes(digits) else { return nil }
            self.init(bytes: bytes)
        } else {
            let unpadded = digits.last == UInt8(ascii: "=") ? digits.dropLast() : digits[...]
            let adapted = unpadded.map { byte in
                switch byte {
                case UInt8(ascii: "+"): UInt8(ascii: "-")
                case UInt8(ascii: "/"): UInt8(ascii: "_")
                default: byte
                }
            }
            guard let bytes = Base64URL.decode(adapted) else { return nil }
            self.init(bytes: bytes)
        }
    }

    private init(secret: SymmetricKey) {
        self.secret = secret
        var hash = SHA256()
        hash.update(data: Array("attune key id".utf8))
        // Proof: the bytes are read within the closure.
        unsafe secret.withUnsafeBytes { bytes in unsafe hash.update(bufferPointer: bytes) }
        id = Array(hash.finalize().prefix(Self.idLength))
    }

    package var bytes: [UInt8] {
        // Proof: the bytes are copied within the closure.
        unsafe secret.withUnsafeBytes { bytes in unsafe Array(bytes) }
    }

    /// The secret as 64 hexadecimal digits, for the file that keeps it.
    package var text: String { Hexadecimal.text(bytes) }
}
