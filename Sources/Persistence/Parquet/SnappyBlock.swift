/// Compresses bytes in the Snappy format (`format_description.txt` of google/snappy), greedily, with one look
/// back by a hash of four bytes, as its own compressor does.
///
/// - Complexity: linear; 64 KiB are compressed apart from the next.
enum SnappyBlock {
    private static let fragmentBytes = 1 << 16
    private static let hashBits = 14

    static func compressed(_ bytes: [UInt8]) -> [UInt8] {
        var output: [UInt8] = []
        output.reserveCapacity(bytes.count / 2 + 16)
        CompactWriter.append(UInt64(bytes.count), to: &output)
        var table = [Int32](repeating: -1, count: 1 << hashBits)
        var start = 0
        while start < bytes.count {
            let end = min(bytes.count, start + fragmentBytes)
            compress(bytes, start, end, &table, &output)
            start = end
        }
        return output
    }

    private static func compress(
        _ bytes: [UInt8], _ start: Int, _ end: Int, _ table: inout [Int32], _ output: inout [UInt8]
    ) {
        for slot in table.indices { table[slot] = -1 }
        var literal = start
        var at = start
        /// Steps grow where nothing is found, so that what can't be compressed costs little.
        var misses = 0
        while at + 4 <= end {
            let word = load(bytes, at)
            let slot = Int((word &* 0x1E35_A7BD) >> UInt32(32 - hashBits))
            let found = start + Int(table[slot])
            let isKnown = table[slot] >= 0
            table[slot] = Int32(at - start)
            guard isKnown, load(bytes, found) == word else {
                misses += 1
                at += 1 + misses / 32
                continue
            }
            var length = 4
            while at + length < end, bytes[found + length] == bytes[at + length] { length += 1 }
            appendLiteral(bytes[literal..<at], &output)
            appendCopy(offset: at - found, length: length, &output)
            at += length
            literal = at
            misses = 0
        }
        appendLiteral(bytes[literal..<end], &output)
    }

    private static func load(_ bytes: [UInt8], _ at: Int) -> UInt32 {
        UInt32(bytes[at]) | UInt32(bytes[at + 1]) << 8 | UInt32(bytes[at + 2]) << 16
            | UInt32(bytes[at + 3]) << 24
    }

    private static func appendLiteral(_ bytes: ArraySlice<UInt8>, _ output: inout [UInt8]) {
        guard !bytes.isEmpty else { return }
        let least = bytes.count - 1
        if least < 60 {
            output.append(UInt8(least) << 2)
        } else if least < 1 << 8 {
            output += [60 << 2, UInt8(least)]
        } else {
            // A fragment has at most 65,536 bytes.
            output += [61 << 2, UInt8(truncatingIfNeeded: least), UInt8(least >> 8)]
        }
        output += bytes
    }

    private static func appendCopy(offset: Int, length: Int, _ output: inout [UInt8]) {
        var rest = length
        while rest > 0 {
            if (4...11).contains(rest), offset < 2048 {
                output += [
                    UInt8(offset >> 8) << 5 | UInt8(rest - 4) << 2 | 1, UInt8(truncatingIfNeeded: offset),
                ]
                return
            }
            let part = min(rest, 64)
            output += [
                UInt8(part - 1) << 2 | 2, UInt8(truncatingIfNeeded: offset), UInt8(offset >> 8),
            ]
            rest -= part
        }
    }
}
