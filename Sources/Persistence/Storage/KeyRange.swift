/// The keys from `lower` up to, and without, `upper`, in the order of unsigned bytes.
public struct KeyRange: Hashable, Sendable {
    public var lower: [UInt8]
    /// None means that there is no end.
    public var upper: [UInt8]?

    public static let all = KeyRange(from: [], upTo: nil)

    public init(from lower: [UInt8], upTo upper: [UInt8]?) {
        self.lower = lower
        self.upper = upper
    }

    /// All keys that begin with `prefix`.
    public init(prefix: [UInt8]) {
        lower = prefix
        // The next text of bytes after all that begin so: the last byte that can be raised is.
        if let last = prefix.lastIndex(where: { $0 < 0xFF }) {
            upper = Array(prefix[..<last]) + [prefix[last] + 1]
        }
    }

    public var isEmpty: Bool {
        guard let upper else { return false }
        return !lower.lexicographicallyPrecedes(upper)
    }
}
