/// The footer: `FileMetaData` of `parquet.thrift`.
struct FileFooter {
    var columns: [ParquetColumn]
    var groups: [RowGroup]
    var program: String

    var bytes: [UInt8] {
        var writer = CompactWriter()
        writer.field(1, Int32(1))
        // The first element is the root, which has the columns as children.
        writer.list(2, [nil] + columns.map(Optional.some)) { Self.write($1, columns.count, &$0) }
        writer.field(3, groups.reduce(0) { $0 + Int64($1.rows) })
        writer.list(4, groups) { write($1, &$0) }
        writer.field(6, program)
        // The order of each column is that of its type, without which readers pass over the statistics.
        writer.list(7, columns) { order, _ in order.structure(1) { _ in } }
        writer.stop()
        return writer.bytes
    }

    private static func write(_ column: ParquetColumn?, _ children: Int, _ schema: inout CompactWriter) {
        guard let column else {
            schema.field(4, "schema")
            schema.field(5, Int32(children))
            return
        }
        schema.field(1, column.kind.physicalType)
        schema.field(
            3, column.isOptional ? ParquetCode.Repetition.optional : ParquetCode.Repetition.required)
        schema.field(4, column.name)
        switch column.kind {
        case .boolean, .integer, .number: break
        case .text:
            schema.field(6, ParquetCode.Converted.text)
            schema.structure(10) { $0.structure(1) { _ in } }
        case .time:
            schema.field(6, ParquetCode.Converted.microseconds)
            schema.structure(10) { logical in
                logical.structure(8) { time in
                    // Adjusted to UTC, in microseconds.
                    time.field(1, true)
                    time.structure(2) { $0.structure(2) { _ in } }
                }
            }
        }
    }

    private func write(_ group: RowGroup, _ writer: inout CompactWriter) {
        writer.list(1, Array(zip(columns, group.chunks))) { chunk, pair in
            chunk.field(2, Int64(pair.1.dictionaryOffset ?? pair.1.dataOffset))
            chunk.structure(3) { Self.write(pair.0, pair.1, &$0) }
        }
        writer.field(2, group.chunks.reduce(0) { $0 + Int64($1.uncompressedBytes) })
        writer.field(3, Int64(group.rows))
        writer.field(6, group.chunks.reduce(0) { $0 + Int64($1.compressedBytes) })
    }

    private static func write(
        _ column: ParquetColumn, _ chunk: ColumnChunk, _ writer: inout CompactWriter
    ) {
        var encodings = [ParquetCode.Encoding.runs]
        if chunk.dictionaryOffset != nil { encodings.append(ParquetCode.Encoding.dictionary) }
        // A dictionary's page is written so too.
        encodings.append(ParquetCode.Encoding.plain)
        writer.field(1, column.kind.physicalType)
        writer.list(2, encodings)
        writer.list(3, [column.name])
        writer.field(4, ParquetCode.Codec.snappy)
        writer.field(5, Int64(chunk.values))
        writer.field(6, Int64(chunk.uncompressedBytes))
        writer.field(7, Int64(chunk.compressedBytes))
        writer.field(9, Int64(chunk.dataOffset))
        if let offset = chunk.dictionaryOffset { writer.field(11, Int64(offset)) }
        writer.structure(12) { statistics in
            statistics.field(3, Int64(chunk.nulls))
            if let greatest = chunk.greatest { statistics.field(5, bytes(of: greatest)) }
            if let least = chunk.least { statistics.field(6, bytes(of: least)) }
        }
    }

    private static func bytes(of value: Int64) -> [UInt8] {
        (0..<8).map { UInt8(truncatingIfNeeded: UInt64(bitPattern: value) >> UInt64(8 * $0)) }
    }
}
