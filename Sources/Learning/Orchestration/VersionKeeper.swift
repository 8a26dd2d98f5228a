import Dispatch
import Identifiers
import ModelHistory

/// Keeps versions of what a desk has learned: asks the archivist for what is due, and takes into the desk's
/// state what came of it. For the desk's thread; it is told the time, in readings of CLOCK_MONOTONIC in
/// nanoseconds.
struct VersionKeeper {
    private let desk: LearnerDesk
    private let archivist: Archivist?
    private(set) var duty: VersionDuty
    /// What was fresh when the version was drafted that was made last, or may have been.
    private var drafted = FreshCalls()
    private var isJournalOpen = false

    /// - Parameters:
    ///   - archivist: for this keeper alone; nil where neither versions nor a journal are kept.
    ///   - duty: not begun yet.
    init(_ desk: LearnerDesk, _ archivist: Archivist?, _ duty: VersionDuty) {
        self.desk = desk
        self.archivist = archivist
        self.duty = duty
        // Without a history the journal of earlier gateways is all there is.
        if let archivist, !archivist.hasHistory { desk.belong() }
    }

    /// Runs of calls that are still looked for in the journal.
    var recovering: Int { archivist?.hasJournal == true ? desk.recovery.spans.count : 0 }

    /// Why old versions could not be let go of; empty if they could.
    var upkeepFault: String { archivist?.upkeepFault ?? "" }

    /// Goes on with what waits for a disk.
    ///
    /// - Returns: whether the state became another one, or a version of it was made.
    mutating func turn(now: UInt64) -> Bool {
        guard let archivist else { return false }
        var isNews = false
        if let news = archivist.takeNews() { isNews = take(news, now) }
        if let answer = archivist.takeAnswer() { desk.take(answer, now: now) }
        if archivist.hasHistory, let step = duty.step(now: now, isChanged: !desk.state.fresh.isEmpty) {
            perform(step, archivist)
        }
        if archivist.hasJournal { recover(archivist, now) }
        return isNews
    }

    /// Makes a version of what none has yet, and waits for it: a disk may hang.
    ///
    /// - Parameter patience: is had twice, and once more if it is not known whether the last one was made.
    mutating func makeLast(within patience: DispatchTimeInterval) {
        guard let archivist, archivist.hasHistory, duty.hasResumed else { return }
        desk.patterns?.isEnding = true
        // What is under way comes first, then whether a version is there that may be.
        hurry(archivist, patience)
        if duty.doubt != nil { hurry(archivist, patience) }
        archivist.finish(within: patience)
        if let news = archivist.takeNews() { _ = take(news, MonotonicTime.now.nanoseconds) }
    }

    private mutating func hurry(_ archivist: Archivist, _ patience: DispatchTimeInterval) {
        archivist.finish(within: patience)
        duty.hurry()
        _ = turn(now: MonotonicTime.now.nanoseconds)
    }

    private mutating func perform(_ step: VersionDuty.Step, _ archivist: Archivist) {
        switch step {
        case .look: archivist.look(known: duty.known, doubt: duty.doubt)
        case .commit:
            drafted = desk.state.fresh
            archivist.commit(desk.draft(), after: duty.base)
        }
    }

    private mutating func take(_ news: Archivist.News, _ now: UInt64) -> Bool {
        if case .committed = news { desk.settle(drafted) }
        let change = duty.take(news, now: now)
        defer { if duty.hasResumed { desk.belong() } }
        switch change {
        case .none:
            if case .committed = news { return true }
            return false
        case .recall(let version):
            desk.recall(version)
            return false
        case .resume(let version): desk.resume(version)
        case .replace(let version): desk.replace(version)
        }
        return true
    }

    private mutating func recover(_ archivist: Archivist, _ now: UInt64) {
        if let request = desk.request(now: now) {
            isJournalOpen = true
            archivist.ask(request)
        } else if isJournalOpen, desk.recovery.isIdle {
            isJournalOpen = false
            archivist.closeJournal()
        }
    }
}
