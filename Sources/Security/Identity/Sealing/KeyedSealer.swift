import Crypto
import Foundation
import Sessions

/// Seals tokens with AES-256-GCM under a key of their own, derived from a `SealingKey` with HKDF-SHA256
/// (RFC 5869).
///
/// A token is, in base64url: one byte of version, the id of the key (4), a salt (12) and a nonce (12), the
/// ciphertext and its tag (16). The salt makes a key for the one token, so that random nonces do not run out:
/// 192 random bits are unique for more tokens than a gateway can make. What precedes the ciphertext, and the
/// token's context, are authenticated with it.
///
/// - Complexity: some microseconds a token.
package struct KeyedSealer: TokenSealer {
    private let keys: [SealingKey]

    private static let version: UInt8 = 1
    private static let saltLength = 12
    private static let nonceLength = 12
    private static let tagLength = 16
    private static let headLength = 1 + SealingKey.idLength + saltLength + nonceLength
    private static let label = Array("attune token".utf8)

    /// The characters that sealing adds to those of the value.
    package static let addedBytes = headLength + tagLength

    /// - Parameters:
    ///   - key: seals and opens.
    ///   - olderKeys: open what an earlier run or another gateway sealed with them.
    package init(key: SealingKey, olderKeys: [SealingKey] = []) { keys = [key] + olderKeys }

    package func seal(_ value: [UInt8], context: [UInt8]) -> String {
        let key = keys[0]
        var generator = SystemRandomNumberGenerator()
        let random = (0..<Self.saltLength + Self.nonceLength).map { _ in
            UInt8.random(in: .min ... .max, using: &generator)
        }
        let head = [Self.version] + key.id + random
        guard let nonce = try? AES.GCM.Nonce(data: random.suffix(Self.nonceLength)),
            let box = try? AES.GCM.seal(
                value, using: Self.tokenKey(key, salt: random.prefix(Self.saltLength)), nonce: nonce,
                authenticating: Self.bound(head, context))
        else { preconditionFailure("AES-256-GCM seals any value of less than 64 GiB") }
        return Base64URL.encode(head + box.ciphertext + box.tag)
    }

    package func open(_ token: String, context: [UInt8]) -> [UInt8]? {
        guard let bytes = Base64URL.decode(token.utf8), bytes.count >= Self.headLength + Self.tagLength,
            bytes[0] == Self.version
        else { return nil }
        let head = bytes.prefix(Self.headLength)
        let id = head.dropFirst().prefix(SealingKey.idLength)
        let salt = head.dropFirst(1 + SealingKey.idLength).prefix(Self.saltLength)
        guard let nonce = try? AES.GCM.Nonce(data: head.suffix(Self.nonceLength)),
            let box = try? AES.GCM.SealedBox(
                nonce: nonce, ciphertext: bytes.dropFirst(Self.headLength).dropLast(Self.tagLength),
                tag: bytes.suffix(Self.tagLength))
        else { return nil }
        for key in keys where id.elementsEqual(key.id) {
            let tokenKey = Self.tokenKey(key, salt: salt)
            if let value = try? AES.GCM.open(
                box, using: tokenKey, authenticating: Self.bound(Array(head), context))
            {
                return Array(value)
            }
        }
        return nil
    }

    private static func tokenKey(_ key: SealingKey, salt: some Collection<UInt8>) -> SymmetricKey {
        HKDF<SHA256>.deriveKey(
            inputKeyMaterial: key.secret, salt: Array(salt), info: label,
            outputByteCount: SealingKey.length)
    }

    private static func bound(_ head: [UInt8], _ context: [UInt8]) -> [UInt8] { head + context }
}
