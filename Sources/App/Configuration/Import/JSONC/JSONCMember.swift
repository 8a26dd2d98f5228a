/// One key of a JSON object with its value.
struct JSONCMember: Sendable {
    /// Without quotes and escapes.
    var key: String
    /// In bytes, with the quotes.
    var keyRange: Range<Int>
    var value: JSONCNode
}
