/// Reads back what the parts of the writer wrote, by the formats' descriptions.
enum Reading {
    static func hybrid(_ bytes: [UInt8], width: Int, count: Int) -> [UInt32] {
        var values: [UInt32] = []
        var at = 0
        while at < bytes.count {
            let header = number(bytes, &at)
            if header & 1 == 0 {
                var value: UInt32 = 0
                for byte in 0..<(width + 7) / 8 {
                    value |= UInt32(bytes[at]) << UInt32(8 * byte)
                    at += 1
                }
                values += [UInt32](repeating: value, count: Int(header >> 1))
            } else {
                for position in 0..<Int(header >> 1) * 8 {
                    var value: UInt32 = 0
                    for bit in 0..<width {
                        let place = position * width + bit
                        if bytes[at + place / 8] >> UInt8(place % 8) & 1 == 1 { value |= 1 << UInt32(bit) }
                    }
                    values.append(value)
                }
                at += Int(header >> 1) * width
            }
        }
        return Array(values.prefix(count))
    }

    static func snappy(_ bytes: [UInt8]) -> [UInt8]? {
        var at = 0
        let length = number(bytes, &at)
        var output: [UInt8] = []
        while at < bytes.count {
            let tag = bytes[at]
            at += 1
            if tag & 3 == 0 {
                var count = Int(tag >> 2)
                if count >= 60 {
                    let digits = count - 59
                    count = (0..<digits).reduce(0) { $0 | Int(bytes[at + $1]) << (8 * $1) }
                    at += digits
                }
                output += bytes[at...at + count]
                at += count + 1
                continue
            }
            let isShort = tag & 3 == 1
            let count = isShort ? Int(tag >> 2 & 7) + 4 : Int(tag >> 2) + 1
            let offset =
                isShort ? Int(tag >> 5) << 8 | Int(bytes[at]) : Int(bytes[at]) | Int(bytes[at + 1]) << 8
            at += isShort ? 1 : 2
            guard offset > 0, offset <= output.count else { return nil }
            for _ in 0..<count { output.append(output[output.count - offset]) }
        }
        return output.count == Int(length) ? output : nil
    }

    private static func number(_ bytes: [UInt8], _ at: inout Int) -> UInt64 {
        var value: UInt64 = 0
        var shift: UInt64 = 0
        while true {
            value |= UInt64(bytes[at] & 0x7F) << shift
            at += 1
            if bytes[at - 1] < 0x80 { return value }
            shift += 7
        }
    }
}
