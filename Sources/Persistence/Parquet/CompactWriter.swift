/// Writes the compact protocol of Thrift (`thrift-compact-protocol.md` of Apache Thrift), as far as Parquet's
/// headers and footer need it.
struct CompactWriter {
    private enum Kind: UInt8 {
        case yes = 1
        case no = 2
        case int32 = 5
        case int64 = 6
        case binary = 8
        case list = 9
        case structure = 12
    }

    private(set) var bytes: [UInt8] = []
    /// The number of the last field, of each structure that is open.
    private var fields: [Int16] = [0]

    mutating func field(_ number: Int16, _ value: Bool) { begin(number, value ? .yes : .no) }

    mutating func field(_ number: Int16, _ value: Int32) {
        begin(number, .int32)
        Self.append(zigzag: Int64(value), to: &bytes)
    }

    mutating func field(_ number: Int16, _ value: Int64) {
        begin(number, .int64)
        Self.append(zigzag: value, to: &bytes)
    }

    mutating func field(_ number: Int16, _ value: [UInt8]) {
        begin(number, .binary)
        append(value)
    }

    mutating func field(_ number: Int16, _ value: String) { field(number, Array(value.utf8)) }

    mutating func structure(_ number: Int16, _ write: (inout CompactWriter) -> Void) {
        begin(number, .structure)
        element(write)
    }

    /// A list of structures.
    mutating func list<Element>(
        _ number: Int16, _ elements: [Element], _ write: (inout CompactWriter, Element) -> Void
    ) {
        begin(number, .list)
        begin(listOf: .structure, elements.count)
        for one in elements { element { write(&$0, one) } }
    }

    mutating func list(_ number: Int16, _ values: [Int32]) {
        begin(number, .list)
        begin(listOf: .int32, values.count)
        for value in values { Self.append(zigzag: Int64(value), to: &bytes) }
    }

    mutating func list(_ number: Int16, _ values: [String]) {
        begin(number, .list)
        begin(listOf: .binary, values.count)
        for value in values { append(Array(value.utf8)) }
    }

    /// Ends the outermost structure.
    mutating func stop() { bytes.append(0) }

    private mutating func element(_ write: (inout CompactWriter) -> Void) {
        fields.append(0)
        write(&self)
        fields.removeLast()
        stop()
    }

    private mutating func append(_ binary: [UInt8]) {
        Self.append(UInt64(binary.count), to: &bytes)
        bytes += binary
    }

    private mutating func begin(_ number: Int16, _ kind: Kind) {
        let step = number - (fields.last ?? 0)
        if (1...15).contains(step) {
            bytes.append(UInt8(step) << 4 | kind.rawValue)
        } else {
            bytes.append(kind.rawValue)
            Self.append(zigzag: Int64(number), to: &bytes)
        }
        if let last = fields.indices.last { fields[last] = number }
    }

    private mutating func begin(listOf kind: Kind, _ count: Int) {
        if count < 15 {
            bytes.append(UInt8(count) << 4 | kind.rawValue)
        } else {
            bytes.append(0xF0 | kind.rawValue)
            Self.append(UInt64(count), to: &bytes)
        }
    }

    private static func append(zigzag value: Int64, to bytes: inout [UInt8]) {
        append(UInt64(bitPattern: value << 1 ^ value >> 63), to: &bytes)
    }

    /// A number of 7 bits a byte, the lowest first (ULEB128).
    static func append(_ value: UInt64, to bytes: inout [UInt8]) {
        var rest = value
        while rest >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(rest))
    }
}
