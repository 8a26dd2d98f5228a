/// Expands one DEFLATE stream (RFC 1951).
struct Inflate {
    private let bytes: [UInt8]
    /// The byte after the last that was begun.
    private(set) var position: Int
    private var bits: UInt32 = 0
    private var held = 0

    private static let lengthStarts = [
        3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131, 163,
        195,
        227, 258,
    ]
    private static let lengthBits = [
        0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0,
    ]
    private static let distanceStarts = [
        1, 2, 3, 4, 5, 7, 9, 13, 17, 25, 33, 49, 65, 97, 129, 193, 257, 385, 513, 769, 1025, 1537, 2049, 3073,
        4097, 6145, 8193, 12289, 16385, 24577,
    ]
    private static let order = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15]

    init(_ bytes: [UInt8], from position: Int) {
        self.bytes = bytes
        self.position = position
    }

    /// Appends what the stream holds; false when it is damaged, cut, or more than `limit` bytes in all.
    mutating func run(into output: inout [UInt8], limit: Int) -> Bool {
        let first = output.count
        while true {
            guard let isLast = take(1), let kind = take(2) else { return false }
            let isRead =
                switch kind {
                case 0: stored(&output, limit)
                case 1: fixed(&output, first, limit)
                case 2: dynamic(&output, first, limit)
                default: false
                }
            guard isRead else { return false }
            if isLast == 1 { return true }
        }
    }

    private mutating func take(_ count: Int) -> Int? {
        while held < count {
            guard position < bytes.count else { return nil }
            bits |= UInt32(bytes[position]) << UInt32(held)
            position += 1
            held += 8
        }
        let value = Int(bits & (1 << UInt32(count) - 1))
        bits >>= UInt32(count)
        held -= count
        return value
    }

    private mutating func symbol(_ code: HuffmanCode) -> Int? { code.next { take(1) } }

    private mutating func stored(_ output: inout [UInt8], _ limit: Int) -> Bool {
        (bits, held) = (0, 0)
        guard position + 4 <= bytes.count else { return false }
        let length = Int(bytes[position]) | Int(bytes[position + 1]) << 8
        let check = Int(bytes[position + 2]) | Int(bytes[position + 3]) << 8
        position += 4
        guard length ^ 0xFFFF == check, position + length <= bytes.count, output.count + length <= limit
        else { return false }
        output += bytes[position..<position + length]
        position += length
        return true
    }

    private mutating func fixed(_ output: inout [UInt8], _ first: Int, _ limit: Int) -> Bool {
        let lengths = (0..<288).map { (symbol: Int) -> UInt8 in
            symbol < 144 ? 8 : symbol < 256 ? 9 : symbol < 280 ? 7 : 8
        }
        guard let literals = HuffmanCode(lengths[...]),
            let distances = HuffmanCode([UInt8](repeating: 5, count: 30)[...])
        else { return false }
        return codes(literals, distances, &output, first, limit)
    }

    private mutating func dynamic(_ output: inout [UInt8], _ first: Int, _ limit: Int) -> Bool {
        guard let literals = take(5), let distances = take(5), let orders = take(4), literals <= 29,
            distances <= 29
        else { return false }
        var short = [UInt8](repeating: 0, count: 19)
        for index in 0..<orders + 4 {
            guard let length = take(3) else { return false }
            short[Self.order[index]] = UInt8(length)
        }
        guard let code = HuffmanCode(short[...]),
            let lengths = codeLengths(code, literals + 257 + distances + 1),
            let literal = HuffmanCode(lengths[..<(literals + 257)]),
            let distance = HuffmanCode(lengths[(literals + 257)...])
        else { return false }
        return codes(literal, distance, &output, first, limit)
    }

    /// The code lengths of both alphabets, which are run-length coded.
    private mutating func codeLengths(_ code: HuffmanCode, _ count: Int) -> [UInt8]? {
        var lengths: [UInt8] = []
        while lengths.count < count {
            guard let symbol = symbol(code) else { return nil }
            if symbol < 16 {
                lengths.append(UInt8(symbol))
                continue
            }
            guard let extra = take(symbol == 16 ? 2 : symbol == 17 ? 3 : 7) else { return nil }
            let times = extra + (symbol == 18 ? 11 : 3)
            guard lengths.count + times <= count, symbol != 16 || !lengths.isEmpty else { return nil }
            let value = symbol == 16 ? lengths[lengths.count - 1] : 0
            lengths += [UInt8](repeating: value, count: times)
        }
        return lengths
    }

    private mutating func codes(
        _ literals: HuffmanCode, _ distances: HuffmanCode, _ output: inout [UInt8], _ first: Int, _ limit: Int
    ) -> Bool {
        while let symbol = symbol(literals) {
            if symbol < 256 {
                guard output.count < limit else { return false }
                output.append(UInt8(symbol))
                continue
            }
            if symbol == 256 { return true }
            guard symbol - 257 < Self.lengthStarts.count, let more = take(Self.lengthBits[symbol - 257]),
                let place = self.symbol(distances), place < Self.distanceStarts.count,
                let further = take(place < 2 ? 0 : place / 2 - 1)
            else { return false }
            let length = Self.lengthStarts[symbol - 257] + more
            let distance = Self.distanceStarts[place] + further
            guard distance <= output.count - first, output.count + length <= limit else { return false }
            for _ in 0..<length { output.append(output[output.count - distance]) }
        }
        return false
    }
}
