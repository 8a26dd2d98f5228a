/// Collects the values of one column of one row group, as pages.
///
/// Texts that repeat stand in a dictionary, until it is full; then the pages have the texts themselves. An
/// encoded page is held until the row group is written, since the dictionary, which is only whole then, comes
/// before it.
struct ColumnEncoder {
    private let column: ParquetColumn
    private let limits: ParquetLimits
    private(set) var chunk = ColumnChunk()

    /// Encoded data pages, one after the other.
    private var pages: [UInt8] = []

    // The page under way.
    /// 1 for each value that is there, 0 for each that isn't; of optional columns alone.
    private var definitions: [UInt32] = []
    private var plain: [UInt8] = []
    private var indices: [UInt32] = []
    private var booleans: [Bool] = []
    private var pageValues = 0

    private var dictionary: [[UInt8]: UInt32] = [:]
    private var dictionaryPlain: [UInt8] = []
    private var hasDictionary: Bool

    init(_ column: ParquetColumn, _ limits: ParquetLimits) {
        self.column = column
        self.limits = limits
        hasDictionary = column.kind == .text
    }

    /// What it holds.
    var heldBytes: Int { pages.count + plain.count + 4 * indices.count + dictionaryPlain.count }

    mutating func append(_ value: ParquetValue) {
        if value == .absent {
            precondition(column.isOptional, "\(column.name) has to be there")
            chunk.nulls += 1
        } else {
            appendPresent(value)
        }
        if column.isOptional { definitions.append(value == .absent ? 0 : 1) }
        chunk.values += 1
        pageValues += 1
        if pageValues >= limits.pageValues || plain.count >= limits.pageBytes { endPage() }
    }

    private mutating func appendPresent(_ value: ParquetValue) {
        switch (value, column.kind) {
        case (.boolean(let flag), .boolean): booleans.append(flag)
        case (.integer(let number), .integer), (.integer(let number), .time):
            chunk.count(number)
            Self.append(UInt64(bitPattern: number), to: &plain)
        case (.number(let number), .number): Self.append(number.bitPattern, to: &plain)
        case (.text(let text), .text): append(text)
        default: preconditionFailure("\(column.name) is of another kind")
        }
    }

    private mutating func append(_ text: [UInt8]) {
        guard hasDictionary else { return Self.append(text, to: &plain) }
        if let index = dictionary[text] { return indices.append(index) }
        guard dictionary.count < limits.dictionaryEntries,
            dictionaryPlain.count + text.count < limits.dictionaryBytes
        else {
            endPage()
            hasDictionary = false
            return Self.append(text, to: &plain)
        }
        let index = UInt32(dictionary.count)
        dictionary[text] = index
        Self.append(text, to: &dictionaryPlain)
        indices.append(index)
    }

    // MARK: Pages

    /// Without an entry there is none to be written, and nothing in the page that asks for one.
    private var usesDictionary: Bool { hasDictionary && !dictionary.isEmpty }

    private mutating func endPage() {
        guard pageValues > 0 else { return }
        var body: [UInt8] = []
        if column.isOptional {
            var levels: [UInt8] = []
            HybridRuns.append(definitions[...], width: 1, to: &levels)
            Self.append(count: levels.count, to: &body)
            body += levels
        }
        switch column.kind {
        case .boolean: Self.append(packed: booleans, to: &body)
        case .text where usesDictionary:
            let width = max(1, HybridRuns.width(of: indices.max() ?? 0))
            body.append(UInt8(width))
            HybridRuns.append(indices[...], width: width, to: &body)
        default: body += plain
        }
        let encoding = usesDictionary ? ParquetCode.Encoding.dictionary : ParquetCode.Encoding.plain
        let values = Int32(pageValues)
        pages += page(ParquetCode.PageType.data, body) { header in
            header.structure(5) {
                $0.field(1, values)
                $0.field(2, encoding)
                $0.field(3, ParquetCode.Encoding.runs)
                $0.field(4, ParquetCode.Encoding.runs)
            }
        }
        definitions.removeAll(keepingCapacity: true)
        plain.removeAll(keepingCapacity: true)
        indices.removeAll(keepingCapacity: true)
        booleans.removeAll(keepingCapacity: true)
        pageValues = 0
    }

    /// A page's header and compressed body.
    private mutating func page(
        _ type: Int32, _ body: [UInt8], _ write: (inout CompactWriter) -> Void
    ) -> [UInt8] {
        let compressed = SnappyBlock.compressed(body)
        var header = CompactWriter()
        header.field(1, type)
        header.field(2, Int32(body.count))
        header.field(3, Int32(compressed.count))
        write(&header)
        header.stop()
        chunk.uncompressedBytes += header.bytes.count + body.count
        return header.bytes + compressed
    }

    /// Ends the chunk: its bytes, and where things are in it when it begins at `offset` of the file.
    mutating func end(at offset: Int) -> (bytes: [UInt8], chunk: ColumnChunk) {
        endPage()
        var bytes: [UInt8] = []
        if !dictionary.isEmpty {
            let entries = Int32(dictionary.count)
            bytes = page(ParquetCode.PageType.dictionary, dictionaryPlain) { header in
                header.structure(7) {
                    $0.field(1, entries)
                    $0.field(2, ParquetCode.Encoding.plain)
                }
            }
            chunk.dictionaryOffset = offset
        }
        chunk.dataOffset = offset + bytes.count
        bytes += pages
        chunk.compressedBytes = bytes.count
        return (bytes, chunk)
    }

    // MARK: Plain values

    private static func append(_ bits: UInt64, to bytes: inout [UInt8]) {
        for at in 0..<8 { bytes.append(UInt8(truncatingIfNeeded: bits >> UInt64(8 * at))) }
    }

    private static func append(count: Int, to bytes: inout [UInt8]) {
        for at in 0..<4 { bytes.append(UInt8(truncatingIfNeeded: count >> (8 * at))) }
    }

    private static func append(_ text: [UInt8], to bytes: inout [UInt8]) {
        append(count: text.count, to: &bytes)
        bytes += text
    }

    private static func append(packed flags: [Bool], to bytes: inout [UInt8]) {
        for start in stride(from: 0, to: flags.count, by: 8) {
            var byte: UInt8 = 0
            for (at, flag) in flags[start..<min(start + 8, flags.count)].enumerated() where flag {
                byte |= 1 << UInt8(at)
            }
            bytes.append(byte)
        }
    }
}
