/// Reads what a `PackedWriter` wrote; nothing from bytes that none wrote.
struct PackedReader {
    private let bytes: [UInt8]
    private var at = 0

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    var isAtEnd: Bool { at == bytes.count }

    mutating func byte() -> UInt8? {
        guard at < bytes.count else { return nil }
        defer { at += 1 }
        return bytes[at]
    }

    mutating func number() -> UInt64? {
        var value: UInt64 = 0
        for shift in stride(from: UInt64(0), through: 63, by: 7) {
            guard let byte = byte() else { return nil }
            if shift == 63, byte > 1 { return nil }
            value |= UInt64(byte & 0x7F) << shift
            if byte < 0x80 { return value }
        }
        return nil
    }

    /// A number of at most `most`.
    mutating func number(atMost most: Int) -> Int? {
        guard let value = number(), value <= UInt64(most) else { return nil }
        return Int(value)
    }

    mutating func text(atMost most: Int) -> String? {
        guard let count = number(atMost: most), count <= bytes.count - at else { return nil }
        defer { at += count }
        return String(decoding: bytes[at..<at + count], as: UTF8.self)
    }

    mutating func value(after previous: inout Double) -> Double? {
        guard let head = number() else { return nil }
        if head & 1 == 1 {
            guard head == 1, bytes.count - at >= 8 else { return nil }
            var bits: UInt64 = 0
            for place in 0..<8 { bits |= UInt64(bytes[at + place]) << UInt64(8 * place) }
            at += 8
            let value = Double(bitPattern: bits)
            guard value.isFinite else { return nil }
            previous = value
            return value
        }
        let zigzag = head >> 1
        let step = Int64(bitPattern: zigzag >> 1) ^ -Int64(zigzag & 1)
        guard PackedWriter.isWhole(previous), abs(step) <= 2 * Int64(PackedWriter.mostWhole) else {
            return nil
        }
        previous = Double(Int64(previous) + step)
        return previous
    }
}
