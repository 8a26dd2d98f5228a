import Foundation

/// A tree head with the signature of the log's key: a checkpoint of one signature (C2SP signed-note).
public struct SignedHead: Hashable, Sendable {
    /// More than any has.
    static let mostBytes = 1024
    private static let signatureBytes = 64

    public let head: TreeHead
    let keyID: [UInt8]
    let signature: [UInt8]

    init(_ head: TreeHead, keyID: [UInt8], signature: [UInt8]) {
        self.head = head
        self.keyID = keyID
        self.signature = signature
    }

    /// As it is kept and shown.
    public var text: String {
        let signed = Data(keyID + signature).base64EncodedString()
        return "\(head.text)\n— \(head.log.origin) \(signed)\n"
    }

    /// None for what `text` doesn't give, to the byte.
    public init?(text: some StringProtocol) {
        guard text.utf8.count <= Self.mostBytes else { return nil }
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        guard lines.count == 7, let head = TreeHead(text: lines[..<4].joined(separator: "\n") + "\n") else {
            return nil
        }
        let parts = lines[5].split(separator: " ", omittingEmptySubsequences: false)
        guard parts.count == 3, let signed = Data(base64Encoded: String(parts[2])).map({ Array($0) }),
            signed.count == AuditKeyID.byteCount + Self.signatureBytes
        else { return nil }
        self.init(
            head, keyID: Array(signed[..<AuditKeyID.byteCount]),
            signature: Array(signed[AuditKeyID.byteCount...]))
        guard Array(self.text.utf8) == Array(text.utf8) else { return nil }
    }

    init?(bytes: [UInt8]) {
        guard let text = String(validating: bytes, as: UTF8.self) else { return nil }
        self.init(text: text)
    }
}
