import CSharedMemory
import Identifiers
import SharedMemory
import Synchronization

/// A table of 64-bit or byte-string keys and versioned byte values in a section of shared memory, for the one
/// process that writes it; any other reads it through a `StateTableView`.
///
/// Reads take no lock. Writes take the lock of one of up to 16 shards, in this process's own memory, so that
/// a process that is killed in the middle of a write keeps nobody waiting: the entry it was writing has an
/// odd version for ever, and counts as absent.
///
/// The memory is bounded: when slots or blocks run out, S3-FIFO decides what leaves (Yang, Zhang, Qiu, Yue
/// and Vigfusson, "FIFO queues are all you need for cache eviction", SOSP 2023, Algorithm 1). New keys enter
/// a small queue, which leaves first when it has more than a tenth of the bytes; what was read more than once
/// there moves to the main queue, what was not leaves, and its fingerprint stays in a ghost queue as long as
/// the main one, so that it enters the main queue if it comes back. What was read in the main queue goes
/// round again. Different from the paper: sizes are bytes; at most 512 entries are passed over in a row; a
/// row of pages is emptied at once when blocks of one size run short; only the owner's own reads and writes
/// count. Pinned entries never leave, and have at most half of the slots and the pages.
///
/// The section, all numbers little-endian (version 1 of the layout):
///
/// | offset | type | field |
/// |---|---|---|
/// | 0 | u64 | magic, "ATTUNEST" in memory order |
/// | 8 | u32 | layout, 1 |
/// | 12 | u32 | shards, a power of two up to 16 |
/// | 16 | u64 | seed of the hashes |
/// | 24 | u64 | buckets, a power of two |
/// | 32 | u64 | slots |
/// | 40 | u64 | offset of the buckets |
/// | 48 | u64 | offset of the slots |
/// | 56 | u64 | offset of the values |
/// | 64 | u64 | bytes of a page of values |
/// | 72 | u64 | pages |
/// | 256 + 64 s | u64 × 8 | shard s: entries, bytes, writes, evictions, expirations, refusals, pinned, zero |
/// | buckets + 8 b | u64 | low half: number of the first slot + 1, or 0; high half: changes of the chain |
/// | slots + 64 n | 64 bytes | slot n |
///
/// A slot:
///
/// | offset | type | field |
/// |---|---|---|
/// | 0 | u64 | version; odd while it is written |
/// | 8 | u64 | hash of the key |
/// | 16 | u64 | number of the chain's next slot + 1, or 0 |
/// | 24 | u32 | bytes of the value |
/// | 28 | u16 | bytes of the key; 0 for a 64-bit key |
/// | 30 | u8 | kind: 0 free, 1 64-bit key, 2 byte string |
/// | 31 | u8 | flags: 1 pinned |
/// | 32 | u64 | CLOCK_MONOTONIC in nanoseconds from which on the entry counts as absent; 0 for never |
/// | 40 | u64 | the 64-bit key |
/// | 48 | u64 | offset of the block, or 0: a value of at most 8 bytes under a 64-bit key stands at 56 |
/// | 56 | 8 bytes | the value, if it stands here |
///
/// A block is the key's bytes, if it is a byte string, filled up to a multiple of 8, and the value behind it.
/// The hash of a 64-bit key k is SplitMix64's finaliser of k ^ seed, that of a byte string XXH64 with the
/// seed; the bucket is the hash's uppermost bits. To look a key up: read the bucket, follow the chain for at
/// most 64 slots to one with the hash, and there read the version, the fields, the key and the value, and the
/// version again: it has to be even and the same. None was found: the bucket has to be the same as before.
/// Else begin anew, a bounded number of times.
public final class StateTable: StateReading, @unchecked Sendable {
    // Proof of Sendable: the section is written under the shards' locks alone, and read by the rules of its
    // view.
    /// The table as readers see it. Reads through it do not keep an entry from being evicted.
    public let view: StateTableView
    public let plan: StateTablePlan
    @usableFromInline let hits: HitCounts
    let shards: LockedShards
    private let shardShift: UInt64
    private let section: AnyObject?

    /// Makes an empty table in a section of a segment that is not live yet.
    ///
    /// - Parameters:
    ///   - averageValueBytes: what values are expected to take, with their keys; decides on the number of
    ///     slots.
    ///   - mostValueBytes: the largest value, up to 64 KiB.
    public convenience init(
        section: WritableSection, averageValueBytes: Int = 256
    ) throws(StateTableLayoutError) {
        try unsafe self.init(
            base: section.base, byteCount: section.bytes, mapping: section.reading.mapping,
            averageValueBytes: averageValueBytes)
    }

    /// Makes an empty table in memory that holds nothing but zeros.
    ///
    /// - Parameters:
    ///   - base: a multiple of 64.
    ///   - seed: of the keys' hashes; a fixed one for tests.
    public init(
        base: UnsafeMutableRawPointer, byteCount: Int, mapping: AnyObject? = nil,
        averageValueBytes: Int = 256,
        mostValueBytes: Int = StateTablePlan.mostBytes, shards: Int? = nil,
        seed: UInt64 = .random(in: .min ... .max)
    ) throws(StateTableLayoutError) {
        let plan = try StateTablePlan(
            byteCount: byteCount, averageValueBytes: averageValueBytes, shards: shards)
        unsafe TableHead.write(plan, seed: seed, to: base)
        view = try unsafe StateTableView(base: base, byteCount: byteCount, mapping: mapping)
        self.plan = plan
        section = mapping
        shardShift = UInt64(64 - plan.shards.trailingZeroBitCount)
        let hits = HitCounts(slotCount: plan.slotCount)
        self.hits = hits
        self.shards = LockedShards(count: plan.shards) {
            unsafe Shard(base: base, plan: plan, index: $0, hits: hits)
        }
    }

    /// The number of a key's shard: the uppermost bits of its bucket's.
    func shard(_ key: EntryKey) -> Int {
        Int(key.hash >> shardShift)
    }

    // MARK: Reading

    /// Takes no lock unless the entry changes all the while.
    @inlinable @inline(__always)
    public func read<Result>(
        _ key: some StateKey, now: MonotonicTime?, _ use: (_ value: RawSpan, _ version: UInt64) -> Result
    ) -> Result? {
        key.withEntryKey(seed: view.seed) { key in
            let attempt = unsafe view.attempt(key, now) { slot, value, version in
                hits.hit(Int(truncatingIfNeeded: slot))
                return unsafe use(value.bytes, version)
            }
            switch attempt {
            case .found(let result): return result
            case .absent: return nil
            case .busy: return readLocked(key, now, use)
            }
        }
    }

    /// Reads while nobody writes, so that only damage can be in the way.
    @usableFromInline
    func readLocked<Result>(
        _ key: EntryKey, _ now: MonotonicTime?, _ use: (RawSpan, UInt64) -> Result
    ) -> Result? {
        shards.withLock(shard(key)) { _ in
            guard case .found(let result) = unsafe view.attempt(key, now, { unsafe use($1.bytes, $2) }) else {
                return nil
            }
            return result
        }
    }
}
