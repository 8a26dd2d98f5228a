import SharedMemory

/// A shard's line of numbers in the head of the table, where any process can read them.
///
/// Written under the shard's lock; a reader gets each number whole, not all of one moment.
@safe
struct ShardStatistics {
    let line: UnsafeMutableRawPointer

    var entries: WritableWord { unsafe line.word(at: 0) }
    var bytes: WritableWord { unsafe line.word(at: 8) }
    var writes: WritableWord { unsafe line.word(at: 16) }
    var evictions: WritableWord { unsafe line.word(at: 24) }
    var expirations: WritableWord { unsafe line.word(at: 32) }
    var refusals: WritableWord { unsafe line.word(at: 40) }
    var pinnedEntries: WritableWord { unsafe line.word(at: 48) }
}

extension WritableWord {
    /// Adds where nobody else writes.
    func increase(by amount: Int = 1) { store(load() &+ UInt64(bitPattern: Int64(amount))) }
}
