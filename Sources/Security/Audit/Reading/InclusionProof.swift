import Foundation
import Schemas

/// Shows to somebody who has only the log's public key that an entry is in the log.
public struct InclusionProof: Hashable, Sendable {
    /// More than any has: the longest entry in base64, 64 hashes and a head.
    static let mostBytes = 2 << 20
    private static let title = "attune audit inclusion 1"

    public let index: UInt64
    /// The bytes of an `AuditEntry`.
    public let entry: [UInt8]
    public let path: [MerkleHash]
    public let head: SignedHead

    init(index: UInt64, entry: [UInt8], path: [MerkleHash], head: SignedHead) {
        self.index = index
        self.entry = entry
        self.path = path
        self.head = head
    }

    /// Whether the log of the key has the entry.
    public func holds(for verifier: AuditVerifier) -> Bool {
        verifier.accepts(head)
            && MerkleProof.includes(
                .leaf(entry), at: index, size: head.head.size, path: path, root: head.head.root)
    }

    /// The entry as a row of JSON; nil where it is none that this version knows.
    package var row: [UInt8]? {
        guard let entry = try? AuditEntry(serializedBytes: entry) else { return nil }
        return AuditRow.json(index, entry)
    }

    /// Lines: a title, `index N`, `entry BASE64`, a hash in base64 each, an empty one, and the checkpoint.
    public var text: String {
        var text = "\(Self.title)\nindex \(index)\nentry \(Data(entry).base64EncodedString())\n"
        for hash in path { text += Data(hash.bytes).base64EncodedString() + "\n" }
        return text + "\n" + head.text
    }

    /// None for what `text` doesn't give, to the byte.
    public init?(text: some StringProtocol) {
        guard text.utf8.count <= Self.mostBytes, let end = text.range(of: "\n\n") else { return nil }
        let lines = text[..<end.lowerBound].split(separator: "\n", omittingEmptySubsequences: false)
        guard lines.count >= 3, lines.count <= 3 + MerkleProof.mostHashes, lines[0] == Self.title,
            lines[1].hasPrefix("index "), let index = UInt64(lines[1].dropFirst(6)),
            lines[2].hasPrefix("entry "), let entry = Data(base64Encoded: String(lines[2].dropFirst(6))),
            let head = SignedHead(text: text[end.upperBound...])
        else { return nil }
        let path = lines[3...].compactMap { line in
            Data(base64Encoded: String(line)).flatMap { MerkleHash($0) }
        }
        self.init(index: index, entry: Array(entry), path: path, head: head)
        guard Array(self.text.utf8) == Array(text.utf8) else { return nil }
    }
}
