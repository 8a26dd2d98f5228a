/// Where the pages of one column of one row group are, for the footer.
struct ColumnChunk {
    var values = 0
    /// Where its first data page begins in the file, and its dictionary if it has one.
    var dataOffset = 0
    var dictionaryOffset: Int?
    var compressedBytes = 0
    /// With the pages' headers.
    var uncompressedBytes = 0
    var nulls = 0
    /// The least and the greatest value of integers and times.
    var least: Int64?
    var greatest: Int64?

    mutating func count(_ value: Int64) {
        least = min(least ?? value, value)
        greatest = max(greatest ?? value, value)
    }
}
