/// How the shared region's budgets are cut into segments, and those into sections. All sizes are in bytes.
///
/// Headers count within: a section takes its head and its contents, rounded up to whole pages, and what the
/// header page and the cursors take comes out of the table beside them.
package struct RegionSizes: Sendable, Equatable {
    package static let pageBytes = 4096
    /// What stands before the contents of a ring.
    package static let ringHeadBytes = 256
    package static let recordBytes = 128
    /// A segment has 64 sections: two of a loop, the cursors and the table.
    package static let maxLoops = 31
    /// The programs that may have a command ring of their own at a time.
    package static let maxWorkers = 8
    /// The least that a loop's rings need; the configuration refuses less.
    package static let leastRingBytesPerLoop = 16 << 10
    /// Smaller tables and queues than these are made this large.
    package static let leastStateBytes = 1 << 20
    package static let leastQueueBytes = 2 << 20
    /// The header page and the page of cursors.
    private static let fixedBytes = 2 * pageBytes

    package let loops: Int
    /// Records of a loop's observation ring: a power of two.
    package let observationRecords: Int
    /// Contents of a loop's payload ring: a multiple of 64.
    package let payloadBytes: Int
    /// The core's state table, its head included.
    package let coreTableBytes: Int
    package let coreSegmentBytes: Int
    /// Contents of the learner's command rings, by lane: powers of two.
    package let learnerLaneBytes: [Int]
    package let learnerTableBytes: Int
    package let learnerSegmentBytes: Int
    /// Contents of a worker's command rings, by lane: powers of two.
    package let workerLaneBytes: [Int]
    package let workerSegmentBytes: Int

    package init(_ budgets: MemoryBudgets, loops: Int) {
        let loops = max(1, loops)
        self.loops = loops
        let perLoop = Self.pages(budgets[.rings] / loops)
        observationRecords = Self.powerOfTwo(perLoop / 4 / Self.recordBytes)
        let observation = Self.ring(observationRecords * Self.recordBytes)
        payloadBytes = max(64, (perLoop - observation - Self.ringHeadBytes) / 64 * 64)
        let state = budgets[.stateCache]
        coreTableBytes = Self.pages(state / 4 * 3 - Self.fixedBytes)
        coreSegmentBytes =
            Self.fixedBytes + loops * (observation + Self.ring(payloadBytes)) + coreTableBytes
        let queue = budgets[.messageQueue]
        learnerLaneBytes = [8, 4, 8].map { Self.powerOfTwo(queue / $0) }
        let heads = learnerLaneBytes.count * Self.pageBytes
        learnerTableBytes = Self.pages(state / 4 - Self.fixedBytes - heads)
        learnerSegmentBytes =
            Self.fixedBytes + heads + learnerLaneBytes.reduce(0, +) + learnerTableBytes
        let worker = queue / 2 / Self.maxWorkers
        workerLaneBytes = [8, 2, 4].map { Self.powerOfTwo(worker / $0) }
        workerSegmentBytes = Self.fixedBytes + workerLaneBytes.reduce(0) { $0 + Self.ring($1) }
    }

    /// A ring's head and contents in whole pages.
    private static func ring(_ contents: Int) -> Int {
        (ringHeadBytes + contents + pageBytes - 1) / pageBytes * pageBytes
    }

    /// The whole pages that fit in a size.
    private static func pages(_ bytes: Int) -> Int { max(1, bytes / pageBytes) * pageBytes }

    /// The largest power of two that is not over a number; at least 1.
    private static func powerOfTwo(_ number: Int) -> Int {
        1 << (Int.bitWidth - 1 - max(1, number).leadingZeroBitCount)
    }
}
