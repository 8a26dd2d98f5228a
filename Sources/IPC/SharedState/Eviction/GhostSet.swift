/// S3-FIFO's ghost queue: fingerprints of keys that left the small queue not long ago, without their values.
///
/// As the paper's own implementation does (section 4.3), it is a table of sets of four fingerprints with the
/// time each was added, counted in additions; what is older than the queue is long counts as gone, and the
/// oldest of a set makes room.
struct GhostSet {
    private static let ways = 4
    /// Fingerprint in the upper half, time in the lower; 0 is empty.
    private var entries: [UInt64]
    private let mask: Int
    /// Starts above what an empty entry would say.
    private var time: UInt32 = 1

    init(capacity: Int) {
        var count = Self.ways
        while count < capacity { count *= 2 }
        entries = Array(repeating: 0, count: count)
        mask = count - 1
    }

    mutating func add(_ hash: UInt64) {
        let start = start(hash)
        var oldest = start
        for index in start..<(start + Self.ways) {
            if entries[index] == 0 || entries[index] >> 32 == hash >> 32 {
                oldest = index
                break
            }
            if age(entries[index]) > age(entries[oldest]) { oldest = index }
        }
        entries[oldest] = (hash &>> 32) &<< 32 | UInt64(time)
        time &+= 1
    }

    /// Whether the key is among the last `length` that were added; if so it is taken out.
    mutating func take(_ hash: UInt64, length: Int) -> Bool {
        guard length > 0 else { return false }
        let start = start(hash)
        for index in start..<(start + Self.ways)
        where entries[index] != 0 && entries[index] >> 32 == hash >> 32 {
            let isRecent = Int(age(entries[index])) <= length
            entries[index] = 0
            return isRecent
        }
        return false
    }

    private func start(_ hash: UInt64) -> Int { Int(truncatingIfNeeded: hash) & mask & ~(Self.ways - 1) }
    private func age(_ entry: UInt64) -> UInt32 { time &- UInt32(truncatingIfNeeded: entry) }
}
