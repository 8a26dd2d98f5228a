import Storage

/// Where the history's entries are, in a column family of their own.
///
/// | bytes | what |
/// |---|---|
/// | 0, id (4) | a series |
/// | 1, resolution (1), time (8) | the frame that begins at this time, in seconds since 1970 |
///
/// All numbers are big-endian, so that keys are in their order.
enum MetricKey {
    static func series(_ id: UInt32) -> [UInt8] { [0] + bytes(UInt64(id), 4) }
    static let allSeries = KeyRange(prefix: [0])

    static func frame(_ resolution: MetricResolution, _ time: UInt64) -> [UInt8] {
        [1, resolution.rawValue] + bytes(time, 8)
    }

    /// Of times from `first` on, before `end`.
    static func frames(
        _ resolution: MetricResolution, from first: UInt64 = 0, upTo end: UInt64? = nil
    ) -> KeyRange {
        KeyRange(
            from: frame(resolution, first),
            upTo: end.map { frame(resolution, $0) } ?? [1, resolution.rawValue + 1])
    }

    static func id(_ key: [UInt8]) -> UInt32? {
        key.count == 5 ? UInt32(truncatingIfNeeded: number(key[1...])) : nil
    }

    static func time(_ key: [UInt8]) -> UInt64? { key.count == 10 ? number(key[2...]) : nil }

    private static func bytes(_ number: UInt64, _ count: Int) -> [UInt8] {
        (1...count).map { UInt8(truncatingIfNeeded: number >> UInt64(8 * (count - $0))) }
    }

    private static func number(_ bytes: ArraySlice<UInt8>) -> UInt64 {
        bytes.reduce(0) { $0 << 8 | UInt64($1) }
    }
}
