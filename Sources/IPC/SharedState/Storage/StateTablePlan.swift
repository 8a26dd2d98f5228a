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
    /// What a shard has at least, so that several sizes of value find a place.
    private static let pagesForSharding = 64

    public let byteCount: Int
    public let shards: Int
    /// A power of two.
    public let bucketCount: Int
    public let slotCount: Int
    /// A page holds blocks of one size, and is as large as the largest value with its key.
    public let pageBytes: Int
    public let pageCount: Int
    public let bucketsOffset: Int
    public let slotsOffset: Int
    public let valuesOffset: Int

    public var mostValueBytes: Int { pageBytes - (Self.mostKeyBytes + 1) }

    /// Divides `byteCount` bytes.
    ///
    /// - Parameters:
    ///   - averageValueBytes: what values are expected to take, with their keys; decides on the number of
    ///     slots.
    ///   - mostValueBytes: the largest value, up to 64 KiB.
    public init(
        byteCount: Int, averageValueBytes: Int = 256, mostValueBytes: Int = Self.mostBytes, shards: Int? = nil
    ) throws(StateTableLayoutError) {
        let average = min(max(averageValueBytes, 32), Self.mostBytes)
        let page = (min(max(mostValueBytes, 32), Self.mostBytes) + Self.mostKeyBytes + 1 + 31) & ~31
        let needed = Self.headBytes + 2 * page + 16 * Self.mostShards * (Slot.bytes + 16)
        guard byteCount >= needed else { throw .tooSmall(bytes: byteCount, needed: needed) }
        let room = byteCount - Self.headBytes
        var shardCount = 1
        let wanted = min(shards ?? Self.mostShards, Self.mostShards)
        while shardCount * 2 <= wanted, shards != nil || room / page >= shardCount * 2 * Self.pagesForSharding
        {
            shardCount *= 2
        }
        let perSlot = Slot.bytes + 16 + average
        var slots = min(max(room / perSlot, 16 * shardCount), Int(UInt32.max) - 1)
        slots -= slots % shardCount
        var buckets = 16 * shardCount
        while buckets < slots { buckets *= 2 }
        // A page or two may be worth more than the slots that leave no room for them.
        while room < buckets * 8 + slots * Slot.bytes + 2 * shardCount * page {
            guard slots > 16 * shardCount else {
                throw .tooSmall(
                    bytes: byteCount,
                    needed: Self.headBytes + buckets * 8 + slots * Slot.bytes + 2 * shardCount * page)
            }
            slots = max(16 * shardCount, slots / 2)
            slots -= slots % shardCount
            while buckets / 2 >= slots { buckets /= 2 }
        }
        self.byteCount = byteCount
        self.shards = shardCount
        bucketCount = buckets
        slotCount = slots
        pageBytes = page
        bucketsOffset = Self.headBytes
        slotsOffset = (bucketsOffset + buckets * 8 + 63) & ~63
        valuesOffset = (slotsOffset + slots * Slot.bytes + 31) & ~31
        let pages = (byteCount - valuesOffset) / page
        pageCount = pages - pages % shardCount
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
