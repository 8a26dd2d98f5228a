/// A prefix code of DEFLATE, read bit by bit (RFC 1951, section 3.2.2).
struct HuffmanCode {
    private var counts = [Int](repeating: 0, count: 16)
    private var symbols: [Int] = []

    /// - Parameter lengths: the bits of each symbol's code, 0 to 15; nil when they are more codes than fit.
    init?(_ lengths: ArraySlice<UInt8>) {
        for length in lengths { counts[Int(length & 15)] += 1 }
        counts[0] = 0
        var left = 1
        for length in 1...15 {
            left = left * 2 - counts[length]
            if left < 0 { return nil }
        }
        var starts = [Int](repeating: 0, count: 16)
        for length in 1..<15 { starts[length + 1] = starts[length] + counts[length] }
        symbols = [Int](repeating: 0, count: lengths.count)
        for (symbol, length) in lengths.enumerated() where length > 0 {
            symbols[starts[Int(length)]] = symbol
            starts[Int(length)] += 1
        }
    }

    /// The next symbol; nil for bits that are no code.
    @inline(__always)
    func next(_ bit: () -> Int?) -> Int? {
        var (code, first, index) = (0, 0, 0)
        for length in 1...15 {
            guard let next = bit() else { return nil }
            code |= next
            let count = counts[length]
            if code - count < first { return symbols[index + code - first] }
            index += count
            first = (first + count) << 1
            code <<= 1
        }
        return nil
    }
}
