import Crypto
import Foundation

/// What the configuration keeps of a key: `sha256:` and 64 hexadecimal digits.
package struct KeyHash: Sendable {
    package static let prefix = "sha256:"

    let digest: [UInt8]

    init(of key: [UInt8]) { digest = Array(SHA256.hash(data: key)) }

    /// - Returns: nil unless the text has the form.
    package init?(_ text: String) {
        guard text.hasPrefix(Self.prefix),
            let bytes = Hexadecimal.bytes(text.utf8.dropFirst(Self.prefix.utf8.count)),
            bytes.count == SHA256.byteCount
        else { return nil }
        digest = bytes
    }

    package var text: String { Self.prefix + Hexadecimal.text(digest) }

    /// The place in a table; tells nothing of the key.
    var index: UInt64 { digest.prefix(8).reduce(0) { $0 << 8 | UInt64($1) } }

    /// Takes the same time for equal and for different hashes.
    func equals(_ other: KeyHash) -> Bool {
        zip(digest, other.digest).reduce(0 as UInt8) { $0 | ($1.0 ^ $1.1) } == 0
    }
}
