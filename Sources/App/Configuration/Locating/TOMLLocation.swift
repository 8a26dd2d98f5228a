/// Where a key and its value stand in the text, in bytes.
struct TOMLLocation: Hashable, Sendable {
    /// With the quotes; for an element of an array, the element itself.
    var key: Range<Int>
    /// With the quotes or brackets; for a table with a header of its own, the header.
    var value: Range<Int>
}
