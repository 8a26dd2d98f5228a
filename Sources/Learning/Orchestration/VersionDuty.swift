import Identifiers
import ModelHistory

/// When the learner makes versions of its model and looks for those that others made: a value that is told
/// the time, in readings of CLOCK_MONOTONIC in nanoseconds.
struct VersionDuty {
    /// What is to be done now.
    enum Step: Equatable {
        case look, commit
    }

    /// What news ask of the state.
    enum Change {
        case none
        /// Begin with this version; nil for an empty state.
        case resume(HeadVersion?)
        /// The state goes on from this version already; what else it has is to be taken from it.
        case recall(HeadVersion)
        /// Somebody moved HEAD: the statistics become those, and what was read stays read.
        case replace(HeadVersion)
    }

    private static let looking: UInt64 = 500_000_000
    private static let firstRetry: UInt64 = 50_000_000

    /// Where HEAD is known to be.
    private(set) var base: ObjectID?
    private(set) var version: UInt64 = 0
    /// When the version in use was made, since 1970; 0 without one.
    private(set) var microseconds: UInt64 = 0
    /// Why there are no versions; empty while there are.
    private(set) var fault = ""
    private(set) var hasResumed = false
    /// A version that may have been made. It is found or not before another one is made.
    private(set) var doubt: Archivist.Doubt?
    private var isUnderWay = false
    private let interval: UInt64
    private let start: UInt64
    private var nextLook: UInt64 = 0
    private var nextCommit: UInt64

    /// - Parameter base: the version that the state went on from.
    init(base: ObjectID?, interval: UInt64, now: UInt64) {
        self.base = base
        self.interval = interval
        start = now
        nextCommit = now &+ interval
    }

    /// - Parameter isChanged: whether the state has what its last version has not.
    mutating func step(now: UInt64, isChanged: Bool) -> Step? {
        guard !isUnderWay else { return nil }
        if hasResumed, doubt == nil, now >= nextCommit {
            nextCommit = now &+ interval
            if isChanged {
                isUnderWay = true
                return .commit
            }
        }
        guard now >= nextLook else { return nil }
        nextLook = now &+ Self.looking
        isUnderWay = true
        return .look
    }

    /// Makes a version at the next step, whatever the time, or looks whether there is one that may be.
    mutating func hurry() { (nextCommit, nextLook) = (0, 0) }

    mutating func take(_ news: Archivist.News, now: UInt64) -> Change {
        isUnderWay = false
        switch news {
        case .unmoved:
            fault = ""
            doubt = nil
            hasResumed = true
            return .none
        case .committed(let id, let version, let microseconds):
            note(id, version, microseconds)
            return .none
        case .doubtful(let version, let reason):
            doubt = version
            fault = reason
            nextLook = now &+ Self.looking
            return .none
        case .failed(let reason):
            // A store that is just being opened is no news.
            if hasResumed || now &- start > Self.looking { fault = reason }
            nextLook = now &+ (hasResumed ? Self.looking : Self.firstRetry)
            return .none
        case .found(let found):
            let isFirst = !hasResumed
            hasResumed = true
            guard let found else {
                defer { (base, version, microseconds, fault, doubt) = (nil, 0, 0, "", nil) }
                return base != nil ? .resume(nil) : .none
            }
            let isKnown = base == found.id
            note(found.id, found.version, found.microseconds)
            if isKnown { return isFirst ? .recall(found) : .none }
            return isFirst ? .resume(found) : .replace(found)
        }
    }

    private mutating func note(_ id: ObjectID, _ version: UInt64, _ microseconds: UInt64) {
        (base, self.version, self.microseconds, fault, doubt) = (id, version, microseconds, "", nil)
    }

    /// What `Archivist.look` need not read again.
    var known: ObjectID?? { hasResumed ? .some(base) : .none }
}
