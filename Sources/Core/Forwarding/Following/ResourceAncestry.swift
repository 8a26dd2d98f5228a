/// A URI and those it lies below: a server may report the change of a part of what a client subscribed to
/// (2025-11-25, schema, `ResourceUpdatedNotification`).
struct ResourceAncestry: Sequence, IteratorProtocol {
    /// Deeper URIs are taken for what they are and their last parents.
    static let maxDepth = 64

    private let uri: String
    private var end: String.UTF8View.Index?
    private var depth = 0

    init(_ uri: String) {
        self.uri = uri
        end = uri.endIndex
    }

    mutating func next() -> String? {
        guard let end, depth < Self.maxDepth else { return nil }
        depth += 1
        let own = String(uri[..<end])
        self.end = parentEnd(before: end)
        return own
    }

    /// `a/b/` lies below `a/b`, and that below `a/`: with and without the separator both may be followed.
    private func parentEnd(before end: String.UTF8View.Index) -> String.UTF8View.Index? {
        let bytes = uri.utf8[..<end]
        guard let last = bytes.last else { return nil }
        if Self.isSeparator(last) {
            let shorter = bytes.index(before: end)
            return shorter == bytes.startIndex ? nil : shorter
        }
        guard let separator = bytes.lastIndex(where: Self.isSeparator) else { return nil }
        return bytes.index(after: separator)
    }

    private static func isSeparator(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: "/") || byte == UInt8(ascii: "#") || byte == UInt8(ascii: "?")
    }
}
