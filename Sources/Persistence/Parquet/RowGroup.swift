/// A row group that was written, as the footer tells of it.
struct RowGroup {
    var rows: Int
    var chunks: [ColumnChunk] = []
}
