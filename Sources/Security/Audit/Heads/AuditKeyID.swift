import Crypto

/// The first bytes of a hash over a log's name and its public key (C2SP signed-note, "Verifier keys").
enum AuditKeyID {
    static let byteCount = 4
    /// The algorithm Ed25519.
    static let algorithm: UInt8 = 0x01

    static func bytes(_ log: LogID, _ publicKey: [UInt8]) -> [UInt8] {
        Array(SHA256.hash(data: Array(log.origin.utf8) + [0x0A, algorithm] + publicKey).prefix(byteCount))
    }
}
