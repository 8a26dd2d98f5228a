/// The two queues of S3-FIFO over the slots of a shard, each a doubly linked list through the slots' records.
///
/// What is in a queue is counted in bytes, as entries differ in size.
struct EvictionQueues: ~Copyable {
    struct Queue {
        var newest = SlotRecord.none
        var oldest = SlotRecord.none
        var bytes = 0
        var count = 0
    }

    private(set) var small = Queue()
    private(set) var main = Queue()

    /// Whether the small queue has its tenth of what both hold, so that it gives first.
    var smallIsDue: Bool { small.bytes * 10 >= small.bytes + main.bytes }

    mutating func append(
        _ slot: UInt32, to place: SlotRecord.Place, _ records: inout OwnArray<SlotRecord>
    ) {
        records[Int(slot)].place = place
        if place == .small {
            Self.append(slot, to: &small, &records)
        } else if place == .main {
            Self.append(slot, to: &main, &records)
        }
    }

    mutating func remove(_ slot: UInt32, _ records: inout OwnArray<SlotRecord>) {
        switch records[Int(slot)].place {
        case .small: Self.remove(slot, from: &small, &records)
        case .main: Self.remove(slot, from: &main, &records)
        case .free, .pinned: break
        }
    }

    /// Accounts for an entry that takes another block.
    mutating func recharge(_ slot: UInt32, _ charge: Int, _ records: inout OwnArray<SlotRecord>) {
        let difference = charge - Int(records[Int(slot)].charge)
        switch records[Int(slot)].place {
        case .small: small.bytes += difference
        case .main: main.bytes += difference
        case .free, .pinned: break
        }
        records[Int(slot)].charge = UInt32(charge)
    }

    private static func append(
        _ slot: UInt32, to queue: inout Queue, _ records: inout OwnArray<SlotRecord>
    ) {
        records[Int(slot)].previous = SlotRecord.none
        records[Int(slot)].next = queue.newest
        if queue.newest != SlotRecord.none {
            records[Int(queue.newest)].previous = slot
        } else {
            queue.oldest = slot
        }
        queue.newest = slot
        queue.bytes += Int(records[Int(slot)].charge)
        queue.count += 1
    }

    private static func remove(
        _ slot: UInt32, from queue: inout Queue, _ records: inout OwnArray<SlotRecord>
    ) {
        let (previous, next) = (records[Int(slot)].previous, records[Int(slot)].next)
        if previous != SlotRecord.none { records[Int(previous)].next = next } else { queue.newest = next }
        if next != SlotRecord.none { records[Int(next)].previous = previous } else { queue.oldest = previous }
        queue.bytes -= Int(records[Int(slot)].charge)
        queue.count -= 1
    }
}
