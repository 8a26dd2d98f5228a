/// One table header or one pair outside of inline tables.
struct TOMLStatement: Hashable, Sendable {
    /// The table that a header opens, or that a pair belongs to.
    var table: TOMLPath
    var isHeader: Bool
    /// In bytes, without indentation and comment.
    var range: Range<Int>
}
