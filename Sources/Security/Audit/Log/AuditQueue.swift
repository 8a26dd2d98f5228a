import Dispatch
import Synchronization
import Telemetry

/// What waits to be written, between any number of threads that add and one that takes.
///
/// Nothing is lost here while the log can be written: beyond its bounds calls wait before they are forwarded,
/// and what is under way by then still finds a place.
final class AuditQueue: Sendable {
    typealias Answer = @Sendable (AuditVerdict) -> Void

    struct Item: Sendable {
        var event: AuditEvent
        var microseconds: UInt64
        var answer: Answer?
    }

    /// What has no entry of its own.
    struct Losses: Sendable, Equatable {
        var lost: UInt64 = 0
        var refused: UInt64 = 0
        /// When the first of them was.
        var since: UInt64 = 0
    }

    private struct State {
        /// In order, each but the last one full.
        var backlogs: [AuditBacklog] = []
        /// Room for the next one.
        var spare: AuditBacklog?
        var waiting = 0
        var bytes = 0
        var isFaulty = false
        var isEnded = false
        /// True while the writer waits until it is signalled.
        var isIdle = false
        /// Calls that wait for room.
        var held: [Item] = []
        /// Calls whose start has a place in the log and whose end has none yet: as many as are under way.
        var begun: Set<UInt64> = []
        var losses = Losses()
        var refusesOnFault: Bool
        var accesses = AccessBudget()
    }

    /// What is under way when calls begin to wait has room beyond the bound.
    private static let overshoot = 2

    private let settings: AuditSettings
    private let state: Mutex<State>
    private let bell = DispatchSemaphore(value: 0)

    init(_ settings: AuditSettings) {
        self.settings = settings
        state = Mutex(State(refusesOnFault: settings.onFailure == .refuse))
    }

    func set(_ onFailure: AuditSettings.OnFailure) {
        state.withLock { $0.refusesOnFault = onFailure == .refuse }
    }

    // MARK: Those who add

    var gate: AuditGate {
        state.withLock { state in
            if state.isFaulty { return state.refusesOnFault ? .refuses : .open }
            return settings.isDurable || isCrowded(state) ? .holds : .open
        }
    }

    /// Hands over the start of a call that is to wait.
    ///
    /// `answer` is called once, on any thread; not at all where the call has ended before.
    func begin(_ item: Item) {
        let verdict: AuditVerdict? = state.withLock { state in
            if state.isFaulty { return state.refusesOnFault ? .refused : .passed }
            if isCrowded(state) {
                guard state.held.count < settings.mostHeld else {
                    return state.refusesOnFault ? .refused : .passed
                }
                state.held.append(item)
            } else if settings.isDurable {
                place(item, &state)
            } else {
                return .passed
            }
            return nil
        }
        if let verdict { item.answer?(verdict) }
    }

    /// Adds what has happened.
    /// - Returns: false if there was no room for it: it is counted then.
    @discardableResult func add(_ item: Item) -> Bool {
        state.withLock { state in
            var item = item
            if case .access(var access) = item.event {
                guard state.accesses.takes(item.microseconds) else { return true }
                access.more = state.accesses.takeMore()
                item.event = .access(access)
            }
            if case .ended(let call, true) = item.event {
                item.event = .ended(call, wasStarted: closes(call.record.callID.rawValue, &state))
            }
            if isCrowded(state), !finds(roomFor: item.event, state) {
                if state.losses == Losses() { state.losses.since = item.microseconds }
                if case .ended(let call, _) = item.event, call.record.outcome == .overloaded {
                    state.losses.refused += 1
                } else {
                    state.losses.lost += 1
                }
                return false
            }
            place(item, &state)
            return true
        }
    }

    private func isCrowded(_ state: State) -> Bool {
        state.waiting >= settings.mostWaiting || state.bytes >= settings.mostWaitingBytes
    }

    /// A call has ended; one that was given up while it waited for room gets no start any more.
    /// - Returns: whether its start has a place in the log.
    private func closes(_ callID: UInt64, _ state: inout State) -> Bool {
        if state.begun.remove(callID) != nil { return true }
        state.held.removeAll { item in
            if case .started(let call) = item.event { call.record.callID.rawValue == callID } else { false }
        }
        return false
    }

    /// Of what comes beyond the bound, calls that were carried out go first, and those whose start says so.
    private func finds(roomFor event: AuditEvent, _ state: State) -> Bool {
        guard case .ended(let call, let wasStarted) = event,
            wasStarted || call.record.outcome != .overloaded
        else { return false }
        return state.waiting < Self.overshoot * settings.mostWaiting
            && state.bytes < Self.overshoot * settings.mostWaitingBytes
    }

    private func place(_ item: Item, _ state: inout State) {
        if case .started(let call) = item.event { state.begun.insert(call.record.callID.rawValue) }
        if state.backlogs.last?.isFull ?? true {
            state.backlogs.append(state.spare.take() ?? AuditBacklog())
        }
        state.bytes += state.backlogs[state.backlogs.count - 1].append(item)
        state.waiting += 1
        guard state.isIdle else { return }
        state.isIdle = false
        bell.signal()
    }

    // MARK: The one who takes

    /// Takes the first of what waits in exchange for what was taken before, and lets calls in for which there
    /// is room then.
    func take(_ backlog: inout AuditBacklog) {
        backlog.removeAll()
        let passed = state.withLock { state -> [Item] in
            guard !state.backlogs.isEmpty else { return admit(&state) }
            swap(&state.backlogs[0], &backlog)
            state.spare = state.backlogs.removeFirst()
            state.waiting -= backlog.count
            state.bytes -= backlog.heldBytes
            return admit(&state)
        }
        for item in passed { item.answer?(.passed) }
    }

    private func admit(_ state: inout State) -> [Item] {
        guard !state.held.isEmpty, !isCrowded(state) else { return [] }
        let admitted = Array(state.held.prefix(settings.mostWaiting - state.waiting))
        state.held.removeFirst(admitted.count)
        guard settings.isDurable else { return admitted }
        for item in admitted { place(item, &state) }
        return []
    }

    /// The log can't be written, or can again; who waits is told.
    func set(isFaulty: Bool) {
        let (answers, verdict) = state.withLock { state -> ([Item], AuditVerdict) in
            state.isFaulty = isFaulty
            guard isFaulty else { return ([], .passed) }
            defer { state.held = [] }
            return (state.held, state.refusesOnFault ? .refused : .passed)
        }
        for item in answers { item.answer?(verdict) }
    }

    /// What happens to calls that the log can't take.
    var verdictOnFault: AuditVerdict { state.withLock { $0.refusesOnFault ? .refused : .passed } }

    /// What was lost until now, which is not told again.
    func takeLosses() -> Losses? {
        state.withLock { state in
            guard state.losses != Losses() else { return nil }
            defer { state.losses = Losses() }
            return state.losses
        }
    }

    /// Waits until there is something, or the time is over; for the writer alone.
    /// - Parameter isStuck: what waits can't be written before the time is over.
    /// - Returns: false if it was ended and nothing is left, or nothing can be done about what is.
    func rest(atMost timeout: DispatchTimeInterval, isStuck: Bool) -> Bool {
        let step = state.withLock { state -> (waits: Bool, goesOn: Bool) in
            if state.isEnded, isStuck || state.waiting == 0 { return (false, false) }
            if state.waiting > 0, !isStuck { return (false, true) }
            state.isIdle = !isStuck
            return (true, true)
        }
        if step.waits {
            _ = bell.wait(timeout: .now() + timeout)
            state.withLock { $0.isIdle = false }
        }
        return step.goesOn
    }

    func end() {
        state.withLock { state in
            state.isEnded = true
            state.isIdle = false
        }
        bell.signal()
    }

    var waiting: Int { state.withLock { $0.waiting } }
    var losses: Losses { state.withLock { $0.losses } }
}
