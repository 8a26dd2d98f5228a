/// How much of a Parquet file is held before it is written.
package struct ParquetLimits: Sendable {
    /// Rows of one row group.
    package var groupRows = 131_072
    /// Bytes of a row group's encoded pages, at which it ends with the row under way.
    package var groupBytes = 32 << 20
    /// Values of one page.
    package var pageValues = 16_384
    /// Bytes of a page before it is compressed, at which it ends with the value under way.
    package var pageBytes = 1 << 20
    /// Distinct texts of a column in one row group that stand in a dictionary; pages after that have texts.
    package var dictionaryEntries = 16_384
    /// Their bytes.
    package var dictionaryBytes = 1 << 20

    package init() {}
}
