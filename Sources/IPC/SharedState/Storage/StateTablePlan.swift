import SharedMemory

/// How a table divides the bytes of its section: head, buckets, slots, pages of values.
///
/// Readers know of pages only that blocks lie behind the slots; how large pages are is the owner's affair.
public struct StateTablePlan: Hashable, Sendable {
    public static let magic: UInt64 = 0x5453_454E_5554_5441  // "ATTUNEST"
    public static let layout: UInt32 = 1
    public static let headBytes = 4096
    public static let mostKeyBytes = 255
    /// What a value of any table has at most.
    public static let mostBytes = 65_536
    public static let mostShards = 16
    /// A reader gives up a chain after so many slots, and no more are ever put into one.
    public static let longestChain = 64

    static let shardStatisticsOffset = 256
    static let shardStatisticsBytes = 64
    static let pageBytes = 4096
    /// What a shard has at least when there is more than one.
    private static let leastShardBytes = 4 << 20
    private static let leastPages = 16
    private static let leastSlots = 16

    public let byteCount: Int
    public let shards: Int
    /// A power of two.
    public let bucketCount: Int
    public let slotCount: Int
    public let pageCount: Int
    public let bucketsOffset: Int
    public let slotsOffset: Int
    public let valuesOffset: Int
    /// The largest value that the table takes: 64 KiB, or what fits a quarter of a shard.
    public let mostValueBytes: Int

    /// Divides `byteCount` bytes.
    ///
    /// - Parameters:
    ///   - averageValueBytes: what values are expected to take, with their keys; decides on the number of
    ///     slots.
    ///   - shards: a power of two up to 16; one for each 4 MiB if it is not given.
    public init(
        byteCount: Int, averageValueBytes: Int = 256, shards: Int? = nil
    ) throws(StateTableLayoutError) {
        let average = min(max(averageValueBytes, 1), Self.mostBytes)
        var shardCount = 1
        let wanted = shards ?? byteCount / Self.leastShardBytes
        while shardCount * 2 <= min(wanted, Self.mostShards) { shardCount *= 2 }
        // What slots and their parts of the buckets take, and what pages have at least.
        let least =
            Self.headBytes + 64
            + shardCount * (Self.leastPages * Self.pageBytes + Self.leastSlots * (Slot.bytes + 8))
        guard byteCount >= least else { throw .tooSmall(bytes: byteCount, needed: least) }
        let room = byteCount - least
        var slots = min(room / (Slot.bytes + 16 + average), Int(UInt32.max) / 2) / shardCount * shardCount
        slots += shardCount * Self.leastSlots
        var buckets = shardCount * Self.leastSlots
        while buckets < slots { buckets *= 2 }
        self.byteCount = byteCount
        self.shards = shardCount
        bucketCount = buckets
        slotCount = slots
        bucketsOffset = Self.headBytes
        slotsOffset = bucketsOffset + buckets * 8
        valuesOffset = slotsOffset + slots * Slot.bytes
        let pages = (byteCount - valuesOffset) / Self.pageBytes
        pageCount = pages - pages % shardCount
        let quarter = pageCount / shardCount / 4 * Self.pageBytes
        mostValueBytes = min(Self.mostBytes, quarter - (Self.mostKeyBytes + 1))
    }

    /// The section that a segment needs for the table.
    public var section: SectionPlan {
        SectionPlan(
            kind: .stateTable, index: 0, bytes: UInt64(byteCount), recordBytes: UInt64(Slot.bytes),
            capacity: UInt64(slotCount))
    }

    var slotsPerShard: Int { slotCount / shards }
    var pagesPerShard: Int { pageCount / shards }
    /// The bucket of a hash is `hash >> bucketShift`.
    var bucketShift: UInt64 { UInt64(64 - bucketCount.trailingZeroBitCount) }
    var bucketsPerShard: Int { bucketCount / shards }
}
