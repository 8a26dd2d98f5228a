import Crypto

/// The name of an object: the SHA-256 of its kind, its length and its bytes, the same on every machine.
public struct ObjectID: Hashable, Sendable {
    public static let byteCount = 32
    /// Digits of the short form that lists show.
    public static let shortDigits = 10

    private let first: UInt64
    private let second: UInt64
    private let third: UInt64
    private let fourth: UInt64

    /// - Complexity: linear in the bytes.
    public init(of content: [UInt8], _ kind: ObjectKind) {
        var hasher = SHA256()
        hasher.update(data: Array("attune \(kind.name) \(content.count)\u{0}".utf8))
        hasher.update(data: content)
        self.init(digest: Array(hasher.finalize()))
    }

    /// None unless there are 32 bytes.
    public init?(_ bytes: some Collection<UInt8>) {
        guard bytes.count == Self.byteCount else { return nil }
        self.init(digest: Array(bytes))
    }

    /// None unless the text is 64 digits of lower-case hexadecimal.
    public init?(hex: String) {
        guard hex.utf8.count == 2 * Self.byteCount, let bytes = Hexadecimal.bytes(of: hex) else { return nil }
        self.init(digest: bytes)
    }

    private init(digest: [UInt8]) {
        func word(_ index: Int) -> UInt64 {
            digest[8 * index..<8 * index + 8].reduce(0) { $0 << 8 | UInt64($1) }
        }
        first = word(0)
        second = word(1)
        third = word(2)
        fourth = word(3)
    }

    public var bytes: [UInt8] {
        var writer = CanonicalWriter()
        for word in [first, second, third, fourth] { writer.integer(word) }
        return writer.bytes
    }

    /// 64 digits of lower-case hexadecimal.
    public var hex: String { Hexadecimal.text(of: bytes) }

    public var short: String { String(hex.prefix(Self.shortDigits)) }
}

extension ObjectID: Comparable {
    /// In the order of the bytes.
    public static func < (left: ObjectID, right: ObjectID) -> Bool {
        (left.first, left.second, left.third, left.fourth)
            < (right.first, right.second, right.third, right.fourth)
    }
}

extension ObjectID: CustomStringConvertible {
    public var description: String { hex }
}
