/// A session id by which a session is found.
///
/// Hashed by its last characters only, which are random in every id that the gateway gives; whoever sends
/// another that ends alike finds nothing.
struct SessionKey: Hashable {
    let id: String
    let hash: UInt64

    private static let hashedCharacters = 12

    init(_ id: String) {
        self.id = id
        hash = id.utf8.suffix(Self.hashedCharacters).reduce(0) { ($0 << 5 | $0 >> 59) ^ UInt64($1) }
    }

    func hash(into hasher: inout Hasher) { hasher.combine(hash) }

    static func == (left: SessionKey, right: SessionKey) -> Bool {
        left.hash == right.hash && left.id == right.id
    }
}
