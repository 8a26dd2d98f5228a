import Glibc
import Parquet
import TestSupport

// Writes random rows as a Parquet file to standard output, and as lines to standard error for comparison:
//   ParquetFixture SEED ROWS
//
// The first line has the columns, `NAME KIND` apart by commas. Every other is a row: values apart by commas,
// each `-` for an absent one, else a number, the hex bits of a double, or the hex bytes of a text.

/// The bounds are so small that files of some thousand rows have every kind of page.
func limits(_ generator: inout SeededGenerator) -> ParquetLimits {
    var limits = ParquetLimits()
    limits.groupRows = generator.pick([1, 97, 1000, 131_072])
    limits.groupBytes = generator.pick([1 << 10, 64 << 10, 32 << 20])
    limits.pageValues = generator.pick([1, 8, 100, 16_384])
    limits.pageBytes = generator.pick([64, 4 << 10, 1 << 20])
    limits.dictionaryEntries = generator.pick([0, 3, 40, 16_384])
    limits.dictionaryBytes = generator.pick([16, 1 << 10, 1 << 20])
    return limits
}

func columns(_ generator: inout SeededGenerator) -> [ParquetColumn] {
    let count = Int.random(in: 1...12, using: &generator)
    return (0..<count).map { at in
        ParquetColumn(
            "c\(at)", generator.pick(ParquetColumn.Kind.allCases), isOptional: generator.chance(60))
    }
}

func text(_ generator: inout SeededGenerator) -> [UInt8] {
    switch Int.random(in: 0..<20, using: &generator) {
    case 0: return []
    case 1: return Array(repeating: UInt8(ascii: "r"), count: Int.random(in: 0...70_000, using: &generator))
    case 2: return Array("{\"city\":\"Zürich\",\"π\":3.14,\"𝄞\":\"\u{0}\\n\"}".utf8)
    case 3...10: return Array("tool-\(Int.random(in: 0..<8, using: &generator))".utf8)
    default:
        let alphabet = Array("abcdefgh éß漢🙂")
        return Array(generator.text(from: alphabet, length: 0...400).utf8)
    }
}

/// In the year 2096: other programs show less than what fits.
let latest: Int64 = 4_000_000_000_000_000

func value(
    _ column: ParquetColumn, _ absentPercent: Int, _ generator: inout SeededGenerator
) -> ParquetValue {
    if column.isOptional, generator.chance(absentPercent) { return .absent }
    switch column.kind {
    case .boolean: return .boolean(generator.chance(50))
    case .integer, .time:
        let extremes: [Int64] = [0, 1, -1, .min, .max]
        if column.kind == .time { return .integer(Int64.random(in: 0...latest, using: &generator)) }
        return .integer(
            generator.chance(20) ? generator.pick(extremes) : Int64.random(in: -9...9, using: &generator))
    case .number:
        return .number(
            generator.pick([0, -0.0, .infinity, -.infinity, .nan, .leastNonzeroMagnitude, 0.1, 1e308]))
    case .text: return .text(text(&generator))
    }
}

func hex(_ bytes: [UInt8]) -> String {
    let digits = Array("0123456789abcdef".utf8)
    let text = bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }
    return "x" + String(decoding: text, as: UTF8.self)
}

func told(_ value: ParquetValue) -> String {
    switch value {
    case .absent: "-"
    case .boolean(let flag): flag ? "1" : "0"
    case .integer(let number): "\(number)"
    case .number(let number): String(number.bitPattern, radix: 16)
    case .text(let text): hex(text)
    }
}

func put(_ bytes: [UInt8], to descriptor: Int32) {
    var start = 0
    while start < bytes.count {
        let part = Array(bytes[start...])
        // Proof: the call reads the bytes while it runs.
        let written = unsafe write(descriptor, part, part.count)
        if written <= 0 { exit(3) }
        start += written
    }
}

guard CommandLine.arguments.count == 3, let seed = UInt64(CommandLine.arguments[1]),
    let rows = Int(CommandLine.arguments[2])
else { exit(2) }
var generator = SeededGenerator(seed: seed)
let table = columns(&generator)
put(Array((table.map { "\($0.name) \($0.kind)" }.joined(separator: ",") + "\n").utf8), to: 2)
var writer = ParquetWriter<Never>(table, program: "ParquetFixture", limits: limits(&generator)) {
    put($0, to: 1)
}
var absentPercent = 0
for row in 0..<rows {
    // Stretches without, with some and with nothing but absent values.
    if row % 50 == 0 { absentPercent = generator.pick([0, 10, 50, 100]) }
    let values = table.map { value($0, absentPercent, &generator) }
    put(Array((values.map(told).joined(separator: ",") + "\n").utf8), to: 2)
    writer.append(values)
}
writer.finish()
