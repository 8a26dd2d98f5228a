/// A column of a Parquet file.
package struct ParquetColumn: Hashable, Sendable {
    /// What its values are, with the physical and the logical type of each (`LogicalTypes.md`).
    package enum Kind: Hashable, Sendable, CaseIterable {
        /// BOOLEAN.
        case boolean
        /// INT64.
        case integer
        /// DOUBLE.
        case number
        /// BYTE_ARRAY, a STRING: UTF-8.
        case text
        /// INT64, a TIMESTAMP in microseconds since 1970, in UTC.
        case time
    }

    package var name: String
    package var kind: Kind
    /// Whether a row may have nothing there.
    package var isOptional: Bool

    package init(_ name: String, _ kind: Kind, isOptional: Bool = false) {
        self.name = name
        self.kind = kind
        self.isOptional = isOptional
    }
}
