import Crypto
import Foundation

/// A static bearer key: 256 random bits after a prefix by which people and scanners of secrets know it.
///
/// Such keys need no slow hash: nobody can try 2^256 of them.
package struct AccessKey: Sendable {
    package static let prefix = "attune_"
    private static let randomBytes = 32

    package let text: String

    /// A key from the system's cryptographic random numbers.
    package init() {
        var generator = SystemRandomNumberGenerator()
        let bytes = (0..<Self.randomBytes).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
        text = Self.prefix + Base64URL.encode(bytes)
    }

    /// A key as somebody gave it, whatever its form.
    package init(_ text: String) { self.text = text }

    package var hash: KeyHash { KeyHash(of: Array(text.utf8)) }
}
