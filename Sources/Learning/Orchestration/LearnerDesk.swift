import Identifiers
import ModelHistory
import Rings
import SharedMemory
import SharedState

/// The learner at work on one region: reads the rings, keeps its state, and publishes it. Confined to one
/// thread.
final class LearnerDesk {
    /// Records of one ring, and messages of one worker, that are read in a turn.
    private static let mostRecords = 2048
    private static let mostCommands = 128
    /// As many as the gateway lets attach.
    private static let mostWorkers = 8

    let own: LearnerSegment
    private let core: AttachedSegment
    private let names: StateTableView
    private var rings: [RingFeed] = []
    private(set) var recovery: Recovery
    private var workers: [WorkerFeed] = []
    var state: LearnerState
    /// nil where only statistics of tools are kept.
    var patterns: PatternDesk?
    private var records: [ObservationRecord] = []
    /// How far a learner before this one had read what this one does not read yet.
    private var places: [Checkpoint.Place]
    /// Whether the state began with nothing at this gateway while it is not known what versions there are, as
    /// where the disk has been full since: it has calls of this gateway alone. After the
    /// next gateway began, only the journal brings those back.
    private var isApart: Bool { recovery.isApart }

    /// - Parameters:
    ///   - checkpoint: what an earlier learner left behind, at this gateway or another.
    ///   - patterns: how patterns are looked for; nil for not at all.
    init(
        _ own: LearnerSegment, core: AttachedSegment, checkpoint: Checkpoint?, modelBytes: Int = .max,
        patterns: PatternSettings? = nil
    ) throws(LearnerFault) {
        guard core.header.kind == .core, let table = core.section(.stateTable) else {
            throw .incomplete(segment: core.header.name)
        }
        self.own = own
        self.core = core
        let generation = core.header.generation
        state = checkpoint?.state ?? LearnerState(bytes: modelBytes)
        if let checkpoint, checkpoint.positions.generation != generation {
            state.beginGateway(second: MonotonicTime.now.nanoseconds / 1_000_000_000)
        }
        let read = checkpoint?.positions ?? LearnerPositions(generation: generation)
        let positions = read.moved(to: generation)
        places = positions.places
        recovery = Recovery(positions)
        self.patterns = patterns.map { PatternDesk($0, core: core) }
        recovery.isApart = checkpoint.map { $0.isApart && read.generation == generation } ?? true
        do {
            names = try StateTableView(section: table)
            try follow(places)
            let cursors = try core.section(.cursors).map { try CursorView($0) }
            for lane in own.lanes.indices { own.lanes[lane].reader = cursors }
        } catch let error as RingError {
            throw .ring(error)
        } catch let error as StateTableLayoutError {
            throw .table(error)
        } catch {
            throw .incomplete(segment: core.header.name)
        }
        records.reserveCapacity(Self.mostRecords)
    }

    /// Reads each ring from where it was read to.
    private func follow(_ places: [Checkpoint.Place]) throws(RingError) {
        for ring in rings { ring.release(&own.cursors) }
        rings = []
        for section in core.sections(.observationRing) {
            rings.append(try RingFeed(section, places: places, cursors: &own.cursors))
        }
    }

    // MARK: Reading

    /// Reads what is new, a bounded part of it.
    ///
    /// - Returns: how many records and messages there were.
    func read(second: UInt64) -> Int {
        var found = 0
        for index in rings.indices { found += readRing(index, second) }
        for worker in workers { found += readCommands(worker, second) }
        return found
    }

    private func readRing(_ index: Int, _ second: UInt64) -> Int {
        do throws(RingError) {
            var missed: [ClosedRange<UInt64>] = []
            let (lost, damaged) = try rings[index].read(limit: Self.mostRecords, into: &records) {
                missed.append($0)
            }
            for range in missed { recovery.add(UInt16(truncatingIfNeeded: rings[index].loop), range) }
            var rejected = damaged
            for record in records {
                guard let observation = Observation(record) else {
                    rejected &+= 1
                    continue
                }
                state.observe(observation, second: second) { names.name($0)?.text }
                patterns?.observe(record, loop: rings[index].loop, names)
            }
            state.note(lost: lost, rejected: rejected)
        } catch {
            // The ring goes on being looked at, in vain: its gateway is about to be replaced.
            records.removeAll(keepingCapacity: true)
        }
        return records.count
    }

    private func readCommands(_ worker: WorkerFeed, _ second: UInt64) -> Int {
        let damagedBefore = worker.damaged
        let count = worker.drain(limit: Self.mostCommands) { command, body in
            // Proof: the bytes are copied while the span is lent.
            let body = unsafe body.withUnsafeBufferPointer { unsafe Array($0) }
            guard let carried = WorkerCommand(kind: command.kind, body: body) else { return state.refuse() }
            carryOut(carried, lane: Int(command.lane), second)
        }
        state.note(lostCommands: worker.damaged &- damagedBefore)
        return count
    }

    private func carryOut(_ command: WorkerCommand, lane: Int, _ second: UInt64) {
        if let change = state.carryOut(command, second: second), !apply(change) { state.refuse() }
        guard case .message(let body) = command, own.lanes.indices.contains(lane) else { return }
        guard case .queued = own.lanes[lane].put(kind: WorkerCommand.Kind.message.rawValue, body.span) else {
            return state.refuse()
        }
    }

    // MARK: Workers

    /// Takes up the workers that are attached now, and lets go of the others.
    func attend(to segments: [AttachedSegment]) {
        let wanted = segments.filter { $0.header.kind == .worker }.prefix(Self.mostWorkers)
        let generations = Set(wanted.map(\.header.generation))
        for worker in workers where !generations.contains(worker.segment.header.generation) {
            // A worker whose connection broke may come back with the same segment.
            places = worker.places + places.filter { $0.generation != worker.segment.header.generation }
            worker.release(&own.cursors)
        }
        places = Array(places.prefix(Checkpoint.mostPlaces))
        workers.removeAll { !generations.contains($0.segment.header.generation) }
        for segment in wanted
        where !workers.contains(where: { $0.segment.header.generation == segment.header.generation }) {
            let taken = Set(workers.map(\.number))
            guard let number = (0..<UInt16(Self.mostWorkers)).first(where: { !taken.contains($0) }),
                let worker = try? WorkerFeed(
                    segment, number: number, places: places, cursors: &own.cursors)
            else { continue }
            workers.append(worker)
        }
    }

    /// Up to where the state has taken records and messages into account.
    private var positions: LearnerPositions {
        let current = rings.map(\.place) + workers.flatMap(\.places)
        // Workers that attach again only now are still waited for.
        let others = places.filter { old in
            !current.contains { $0.generation == old.generation && $0.ring == old.ring }
        }
        var positions = LearnerPositions(generation: core.header.generation)
        positions.settled = recovery.settled
        positions.places = current + others.prefix(max(0, Checkpoint.mostPlaces - current.count))
        positions.spans = recovery.spans
        return positions
    }

    /// What a learner after this one goes on from.
    ///
    /// - Parameter base: the version that the state goes on from.
    func checkpoint(base: ObjectID? = nil) -> Checkpoint {
        Checkpoint(positions: positions, base: base, isApart: isApart, state: state)
    }
}

/// Versions, and what the journal brings.
extension LearnerDesk {
    /// What a version of the model would have now.
    func draft() -> Archivist.Draft {
        let totals = state.tools.totals
        let own = LearnerVersion.parts(state, positions)
        let parts = own.merging(patterns?.parts(now: .now) ?? [:]) { own, _ in own }
        return Archivist.Draft(
            parts: parts, calls: totals.calls, errors: totals.errors,
            tools: state.tools.entries.count, window: state.fresh.window)
    }

    /// Says that a version was made of what was fresh then.
    func settle(_ made: FreshCalls) { state.settle(made) }

    /// What to ask the journal now.
    func request(now: UInt64) -> Recovery.Request? { recovery.request(now: now) }

    /// Takes what the journal answered into account.
    func take(_ answer: Recovery.Answer, now: UInt64) {
        let (calls, isOfRunning) = recovery.take(answer, now: now)
        for call in calls { state.recover(call, isOfRunning: isOfRunning) }
    }

    /// Puts the statistics of a version in the place of these; what was read stays read.
    func replace(_ version: HeadVersion) {
        patterns?.restore(version.patterns)
        for change in state.replace(version.tools) { _ = apply(change) }
    }

    /// Takes what no state file has from the version that the state goes on from.
    func recall(_ version: HeadVersion) { patterns?.restore(version.patterns) }

    /// Says that it is known what versions there are: the state goes on from one, or there is none.
    func belong() { recovery.isApart = false }

    /// Begins with a version; nil for nothing at all.
    ///
    /// What a state apart has learned stays and is added to the version, unless that has calls of this
    /// gateway too. Otherwise what came after the version is read again.
    func resume(_ version: HeadVersion?) {
        patterns?.restore(version?.patterns ?? [:])
        let generation = core.header.generation
        if isApart, let version {
            let read = version.positions ?? LearnerPositions(generation: 0)
            if read.generation < generation { return join(version.tools, read.moved(to: generation)) }
        }
        let fresh = LearnerPositions(generation: generation)
        let read = (version.map { $0.positions ?? positions } ?? fresh).ofObservations.moved(to: generation)
        guard (try? follow(read.places)) != nil else { return }
        recovery = Recovery(read)
        places = places.filter { !$0.isObservations }
        let lost = rings.reduce(0) { $0 &+ $1.place.lost }
        let records = rings.reduce(0) { $0 &+ $1.place.position } &- lost
        for change in state.resume(version?.tools, records: records, lost: lost) { _ = apply(change) }
    }

    /// Adds what was learned up to some positions, which are not of this gateway.
    private func join(_ tools: ToolTable, _ read: LearnerPositions) {
        state.join(tools)
        var read = read
        read.spans = Array((read.spans + recovery.spans).suffix(Recovery.mostSpans))
        recovery = Recovery(read)
    }
}
