/// Reads gzip files (RFC 1952), whose content is DEFLATE (RFC 1951).
enum Gzip {
    /// The most that one file may hold.
    static let mostBytes = 1 << 30

    static func isGzip(_ bytes: [UInt8]) -> Bool { bytes.count > 18 && bytes[0] == 0x1F && bytes[1] == 0x8B }

    /// The content of all members; nil from bytes that are damaged or cut.
    static func content(of bytes: [UInt8]) -> [UInt8]? {
        var output: [UInt8] = []
        var position = 0
        while position < bytes.count {
            guard let start = header(bytes, position) else { return nil }
            var inflate = Inflate(bytes, from: start)
            let first = output.count
            guard inflate.run(into: &output, limit: mostBytes) else { return nil }
            let end = inflate.position
            guard end + 8 <= bytes.count else { return nil }
            let sum = little(bytes, end)
            let size = little(bytes, end + 4)
            guard size == UInt32(truncatingIfNeeded: output.count - first), sum == checksum(output[first...])
            else { return nil }
            position = end + 8
        }
        return output
    }

    /// Where a member's data starts.
    private static func header(_ bytes: [UInt8], _ start: Int) -> Int? {
        guard start + 10 <= bytes.count, bytes[start] == 0x1F, bytes[start + 1] == 0x8B, bytes[start + 2] == 8
        else { return nil }
        let flags = bytes[start + 3]
        var position = start + 10
        if flags & 4 != 0 {
            guard position + 2 <= bytes.count else { return nil }
            position += 2 + Int(bytes[position]) + Int(bytes[position + 1]) << 8
        }
        for flag in [8, 16] as [UInt8] where flags & flag != 0 {
            guard position < bytes.count, let end = bytes[position...].firstIndex(of: 0) else { return nil }
            position = end + 1
        }
        if flags & 2 != 0 { position += 2 }
        return position <= bytes.count ? position : nil
    }

    private static func little(_ bytes: [UInt8], _ at: Int) -> UInt32 {
        (0..<4).reduce(0) { $0 | UInt32(bytes[at + $1]) << UInt32(8 * $1) }
    }

    /// CRC-32 as in RFC 1952, section 8.
    private static func checksum(_ bytes: ArraySlice<UInt8>) -> UInt32 {
        let table: [UInt32] = (0..<256).map { byte in
            (0..<8).reduce(UInt32(byte)) { sum, _ in sum & 1 == 1 ? 0xEDB8_8320 ^ sum >> 1 : sum >> 1 }
        }
        var sum = UInt32.max
        for byte in bytes { sum = table[Int((sum ^ UInt32(byte)) & 0xFF)] ^ sum >> 8 }
        return ~sum
    }
}
