import SharedMemory

@testable import Journal
@testable import Orchestration
@testable import Storage

/// Gateways one after the other whose journal is in memory, and a learner that reads beside it.
final class Journaled {
    private let home = MemoryHome()
    private let keeper: StoreKeeper
    private var worker: JournalWorker
    /// How an archivist reads the journal.
    var source: any JournalSource { Source(store: keeper.store) }

    private struct Source: JournalSource {
        let store: any OrderedStore
        func reader() throws(StorageError) -> any OrderedReader { store }
        func rest() {}
    }

    private(set) var region: Region
    private var now: UInt64 = 1_000_000_000

    init(records: UInt64 = 64) throws {
        keeper = StoreKeeper(home, families: ObservationJournal.families, wallMicroseconds: { 7 })
        _ = keeper.turn(now: 0)
        region = try Region(loops: 2, records: records)
        worker = try Self.worker(keeper, region)
    }

    private static func worker(_ keeper: StoreKeeper, _ region: Region) throws -> JournalWorker {
        let table = region.names.table.view
        let feeds = try (0..<2).map { loop in
            try JournalFeed(
                region.segment.section(.observationRing, loop)!.reading,
                region.segment.section(.payloadRing, loop)!.reading)
        }
        return JournalWorker(keeper, feeds, JournalSettings()) { table.name($0)?.text }
    }

    func journal() { while worker.turn(now: 1_800_000_000_000_000) > 0 {} }

    func restartGateway(records: UInt64 = 64) throws {
        region = try Region(loops: 2, records: records)
        worker = try Self.worker(keeper, region)
    }

    func learner(_ checkpoint: Checkpoint?) throws -> LearnerDesk {
        try LearnerDesk(try .small(), core: region.attached, checkpoint: checkpoint)
    }

    /// Lets a learner without a history ask once, if it wants to.
    func answer(_ desk: LearnerDesk) throws -> Bool {
        desk.belong()
        now += 100_000_000
        guard let request = desk.request(now: now) else { return false }
        desk.take(
            Recovery.Answer(request: request, finding: try Archivist.find(request, in: keeper.store)),
            now: now)
        return true
    }

    /// Lets it ask until it has nothing to ask any more.
    func recover(_ desk: LearnerDesk) throws {
        desk.belong()
        for _ in 0..<2000 where !desk.recovery.isIdle { _ = try answer(desk) }
    }
}
