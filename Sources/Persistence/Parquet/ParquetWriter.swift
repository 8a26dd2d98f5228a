/// Writes rows as a file in the Apache Parquet format, from its first byte to its last: nothing is sought, so
/// that it may go to a pipe.
///
/// Format version 1 with data pages of version 1, compressed with Snappy, texts by dictionary where they
/// repeat: what every reader takes. What is held of the rows is bounded by `ParquetLimits`; of each row group
/// that was written some 100 bytes a column stay for the footer. A file without its footer, which is cut,
/// is no Parquet file to any reader.
package struct ParquetWriter<Failure: Error> {
    private let columns: [ParquetColumn]
    private let limits: ParquetLimits
    private let program: String
    private let sink: ([UInt8]) throws(Failure) -> Void
    private var encoders: [ColumnEncoder]
    private var rows = 0
    private var groups: [RowGroup] = []
    private var offset = 0

    /// - Parameters:
    ///   - program: what wrote the file, as the format advises: `attune version 1.0`.
    ///   - sink: gets the file's bytes in order.
    package init(
        _ columns: [ParquetColumn], program: String, limits: ParquetLimits = ParquetLimits(),
        into sink: @escaping ([UInt8]) throws(Failure) -> Void
    ) {
        self.columns = columns
        self.limits = limits
        self.program = program
        self.sink = sink
        encoders = columns.map { ColumnEncoder($0, limits) }
    }

    /// Adds a row: a value for each column, in their order.
    /// - Throws: what the sink throws.
    package mutating func append(_ row: [ParquetValue]) throws(Failure) {
        precondition(row.count == columns.count, "a row has a value for each column")
        for (at, value) in row.enumerated() { encoders[at].append(value) }
        rows += 1
        let held = encoders.reduce(0) { $0 + $1.heldBytes }
        if rows >= limits.groupRows || held >= limits.groupBytes { try endGroup() }
    }

    /// Writes what is left and the footer; the last call.
    /// - Throws: what the sink throws.
    package mutating func finish() throws(Failure) {
        if rows > 0 { try endGroup() }
        if offset == 0 { try write(ParquetCode.magic) }
        let footer = FileFooter(columns: columns, groups: groups, program: program).bytes
        let count = UInt32(footer.count)
        let length = (0..<4).map { UInt8(truncatingIfNeeded: count >> UInt32(8 * $0)) }
        try write(footer + length + ParquetCode.magic)
    }

    private mutating func endGroup() throws(Failure) {
        if offset == 0 { try write(ParquetCode.magic) }
        var group = RowGroup(rows: rows)
        for at in encoders.indices {
            let (bytes, chunk) = encoders[at].end(at: offset)
            group.chunks.append(chunk)
            try write(bytes)
            encoders[at] = ColumnEncoder(columns[at], limits)
        }
        groups.append(group)
        rows = 0
    }

    private mutating func write(_ bytes: [UInt8]) throws(Failure) {
        try sink(bytes)
        offset += bytes.count
    }
}
