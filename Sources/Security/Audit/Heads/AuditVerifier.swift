import Crypto
import Foundation

/// The public half of a log's key: tells whether a tree head is the log's own.
public struct AuditVerifier: Hashable, Sendable {
    public let log: LogID
    public let publicKey: [UInt8]

    /// None unless the key has 32 bytes.
    public init?(_ log: LogID, publicKey: [UInt8]) {
        guard publicKey.count == 32 else { return nil }
        self.log = log
        self.publicKey = publicKey
    }

    init(of log: LogID, _ key: Curve25519.Signing.PublicKey) {
        self.log = log
        publicKey = Array(key.rawRepresentation)
    }

    /// Reads what `text` gives; nil for anything else.
    public init?(text: some StringProtocol) {
        let parts = text.split(separator: "+", maxSplits: 2, omittingEmptySubsequences: false)
        guard parts.count == 3, let log = LogID(origin: parts[0]),
            let key = Data(base64Encoded: String(parts[2])).map({ Array($0) }),
            key.first == AuditKeyID.algorithm
        else { return nil }
        self.init(log, publicKey: Array(key.dropFirst()))
        guard self.text == text else { return nil }
    }

    /// `NAME+ID+KEY`, a verifier key of C2SP signed-note.
    public var text: String {
        let key = Data([AuditKeyID.algorithm] + publicKey).base64EncodedString()
        return "\(log.origin)+\(Hex.text(keyID))+\(key)"
    }

    var keyID: [UInt8] { AuditKeyID.bytes(log, publicKey) }

    /// Whether the log's key signed the head.
    public func accepts(_ signed: SignedHead) -> Bool {
        guard signed.head.log == log, signed.keyID == keyID,
            let key = try? Curve25519.Signing.PublicKey(rawRepresentation: publicKey)
        else { return false }
        return key.isValidSignature(signed.signature, for: Array(signed.head.text.utf8))
    }
}
