import ModelHistory

@testable import Orchestration
@testable import Storage

/// A store of versions in memory, with faults that a test declares, and one learner after the other that
/// keeps versions in it.
final class KeptVersions {
    let home = MemoryHome()
    private let store: StoreKeeper
    private let repository: ModelRepository
    private let archivist: Archivist
    private(set) var desk: LearnerDesk
    private(set) var keeper: VersionKeeper
    private var now: UInt64 = 1_000_000_000

    init(_ desk: LearnerDesk, journal: (any JournalSource)? = nil) {
        store = StoreKeeper(home, families: ModelRepository.families, wallMicroseconds: { 7 })
        repository = ModelRepository(store.store)
        archivist = Archivist(repository, journal: journal)
        self.desk = desk
        keeper = Self.keeper(desk, archivist, nil, now)
    }

    private static func keeper(
        _ desk: LearnerDesk, _ archivist: Archivist, _ base: ObjectID?, _ now: UInt64
    ) -> VersionKeeper {
        VersionKeeper(desk, archivist, VersionDuty(base: base, interval: 2_000_000_000, now: now))
    }

    /// Another learner takes the place of this one, which was killed.
    func restart(_ desk: LearnerDesk, _ checkpoint: Checkpoint?) {
        archivist.finish(within: .seconds(60))
        _ = (archivist.takeNews(), archivist.takeAnswer())
        self.desk = desk
        keeper = Self.keeper(desk, archivist, checkpoint?.base, now)
    }

    var checkpoint: Checkpoint? { Checkpoint(desk.checkpoint(base: keeper.duty.base).encoded) }

    /// Lets seconds pass in which learner and disk do what is due.
    func pass(seconds: Int) {
        for _ in 0..<seconds {
            now += 1_000_000_000
            _ = store.turn(now: now)
            _ = keeper.turn(now: now)
            archivist.finish(within: .seconds(60))
        }
    }

    /// Lets the next version be written to its end, and its sync fail.
    func failSync() { home.disk.fail(operation: home.disk.operations + 2, .inputOutput) }

    /// Lets nothing of the next version be written.
    func failWrite() { home.disk.fail(operation: home.disk.operations + 1, .inputOutput) }

    /// The store fails and can't be opened until `home.refuse(nil)`.
    func takeAway() {
        home.refuse(.noSpace(.open))
        failWrite()
        try? store.store.sync()
    }

    /// Lets the store be opened anew.
    func reopen() {
        for _ in 0..<2 {
            now += 1_000_000_000
            _ = store.turn(now: now)
        }
    }

    /// The learner ends.
    func end() { keeper.makeLast(within: .seconds(60)) }

    /// A person goes back by one version.
    func rollback() throws {
        let act = Act(author: "tester", microseconds: 9)
        let id = try repository.reader.resolve("HEAD~1", of: LearnerModel.model)
        try repository.rollback(LearnerModel.model, to: id, act)
    }

    /// The parts of the newest version.
    var newestParts: [String: [UInt8]] {
        guard let id = try? repository.head(LearnerModel.model)?.commit else { return [:] }
        return (try? repository.read(id).parts) ?? [:]
    }

    /// The newest version, with how many calls its statistics have.
    func newest() throws -> (commit: ModelCommit, calls: UInt64)? {
        guard let id = try repository.head(LearnerModel.model)?.commit else { return nil }
        let version = try repository.read(id)
        let calls = LearnerModel.state(version.parts)?.tools.totals.calls ?? 0
        return (version.commit, calls)
    }
}
