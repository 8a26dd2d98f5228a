import Identifiers
import Sessions

/// Knows clients by static bearer keys (RFC 6750, section 2.1), of which only hashes are kept.
///
/// - Complexity: one hash of the key, however many keys there are.
package struct StaticKeys: Authenticator {
    /// By the hash's index; keys that share one, of which there are none in practice, are tried in turn.
    private var principals: [UInt64: [(hash: KeyHash, principal: Principal)]] = [:]

    /// Longer credentials are no keys.
    static let maxKeyBytes = 4096
    private static let scheme = Array("bearer ".utf8)

    package init(_ keys: [(hash: KeyHash, principal: Principal)]) {
        for key in keys { principals[key.hash.index, default: []].append(key) }
    }

    package func authenticate(authorization: String?) -> Authentication {
        guard let authorization else { return .missing }
        let bytes = Array(authorization.utf8)
        guard bytes.count > Self.scheme.count,
            zip(bytes, Self.scheme).allSatisfy({ $0 | ($0 == 0x20 ? 0 : 0x20) == $1 })
        else { return .missing }
        let key = bytes.dropFirst(Self.scheme.count).drop { $0 == 0x20 }
        guard !key.isEmpty, key.count <= Self.maxKeyBytes else { return .invalid }
        let hash = KeyHash(of: Array(key))
        // Every candidate is compared, whichever fits.
        var found: Principal?
        for candidate in principals[hash.index] ?? [] where candidate.hash.equals(hash) {
            found = candidate.principal
        }
        return found.map { .known($0) } ?? .invalid
    }
}
