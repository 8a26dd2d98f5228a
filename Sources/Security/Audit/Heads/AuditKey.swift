import Crypto

/// The secret that a log's tree heads are signed with (Ed25519, RFC 8032).
public struct AuditKey: Sendable {
    /// Where a log's key comes from; asked until there is one.
    public typealias Source = @Sendable () throws(AuditFailure) -> AuditKey

    private let key: Curve25519.Signing.PrivateKey

    /// - Parameter seed: 32 random bytes, the private key; none for another number.
    public init?(seed: [UInt8]) {
        guard let key = try? Curve25519.Signing.PrivateKey(rawRepresentation: seed) else { return nil }
        self.key = key
    }

    /// - Parameter text: the seed in 64 hexadecimal digits.
    public init?(text: some StringProtocol) {
        guard let seed = Hex.bytes(text) else { return nil }
        self.init(seed: seed)
    }

    public var publicKey: [UInt8] { Array(key.publicKey.rawRepresentation) }

    public func verifier(of log: LogID) -> AuditVerifier {
        AuditVerifier(of: log, key.publicKey)
    }

    /// Nil where the system has no random numbers.
    func sign(_ head: TreeHead) -> SignedHead? {
        guard let signature = try? key.signature(for: Array(head.text.utf8)) else { return nil }
        return SignedHead(
            head, keyID: AuditKeyID.bytes(head.log, publicKey), signature: Array(signature))
    }
}
