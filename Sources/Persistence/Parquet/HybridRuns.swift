/// Writes small numbers as runs of equal ones and packed groups of eight (`Encodings.md` of Apache Parquet,
/// RLE/bit-packing hybrid).
enum HybridRuns {
    /// Equal numbers in a row that stand as a run.
    private static let shortestRun = 8

    /// - Parameters:
    ///   - width: bits of a number, 32 at most; every value fits.
    static func append(_ values: ArraySlice<UInt32>, width: Int, to bytes: inout [UInt8]) {
        var start = values.startIndex
        /// What is not in a run yet begins here; its length is a multiple of eight until the end.
        var loose = start
        while start < values.endIndex {
            let end = values[start...].firstIndex { $0 != values[start] } ?? values.endIndex
            // A packed group has to be full, so it takes the first of the run.
            let missing = (8 - (start - loose) % 8) % 8
            if end - start >= shortestRun + missing {
                start += missing
                if loose < start { appendPacked(values[loose..<start], width, &bytes) }
                appendRun(of: values[start], count: end - start, width, &bytes)
                loose = end
            }
            start = end
        }
        if loose < values.endIndex { appendPacked(values[loose...], width, &bytes) }
    }

    /// The bits that numbers up to `most` need.
    static func width(of most: UInt32) -> Int { UInt32.bitWidth - most.leadingZeroBitCount }

    private static func appendRun(of value: UInt32, count: Int, _ width: Int, _ bytes: inout [UInt8]) {
        CompactWriter.append(UInt64(count) << 1, to: &bytes)
        for at in 0..<(width + 7) / 8 { bytes.append(UInt8(truncatingIfNeeded: value >> UInt32(8 * at))) }
    }

    /// The last group is filled up with zeros.
    private static func appendPacked(_ values: ArraySlice<UInt32>, _ width: Int, _ bytes: inout [UInt8]) {
        let groups = (values.count + 7) / 8
        CompactWriter.append(UInt64(groups) << 1 | 1, to: &bytes)
        let end = bytes.count + groups * width
        var held: UInt64 = 0
        var bits = 0
        for value in values {
            held |= UInt64(value) << UInt64(bits)
            bits += width
            while bits >= 8 {
                bytes.append(UInt8(truncatingIfNeeded: held))
                held >>= 8
                bits -= 8
            }
        }
        if bits > 0 { bytes.append(UInt8(truncatingIfNeeded: held)) }
        bytes.append(contentsOf: repeatElement(0, count: end - bytes.count))
    }
}
