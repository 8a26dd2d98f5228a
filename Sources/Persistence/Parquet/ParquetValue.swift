/// What a row has in a column, of the column's kind; times are integers.
package enum ParquetValue: Hashable, Sendable {
    case absent
    case boolean(Bool)
    case integer(Int64)
    case number(Double)
    /// UTF-8.
    case text([UInt8])

    package static func text(_ text: String) -> ParquetValue { .text(Array(text.utf8)) }
}
