/// Which versions are kept of those that a program makes all the time: all of late, then one an hour, then
/// one a day. Ages in seconds.
public struct Retention: Sendable, Equatable {
    /// Up to this age all versions are kept.
    public var all: UInt64 = 86_400
    /// Up to this age the last version of each hour is.
    public var hourly: UInt64 = 7 * 86_400
    /// Up to this age the last version of each day is; older ones are not.
    public var daily: UInt64
    /// Who makes them. What others make is kept.
    public var author: String

    public init(author: String, days: Int) {
        self.author = author
        daily = UInt64(max(0, days)) * 86_400
    }

    /// The run of time of which the last version is kept.
    enum Slot: Hashable {
        case hour(UInt64)
        case day(UInt64)
    }

    /// What becomes of a version, at a time in microseconds since 1970; one from the future is kept.
    enum Fate: Equatable {
        case kept, gone
        case lastOf(Slot)
    }

    func fate(_ microseconds: UInt64, now: UInt64) -> Fate {
        let second = microseconds / 1_000_000
        let age = now > microseconds ? (now - microseconds) / 1_000_000 : 0
        if age <= all { return .kept }
        if age > daily { return .gone }
        return .lastOf(age <= hourly ? .hour(second / 3600) : .day(second / 86_400))
    }
}

/// What a thinning did.
public struct ThinReport: Equatable, Sendable {
    /// Versions that nothing leads to any more; `collect` gives their space back.
    public var versions = 0
    public var reflogEntries = 0
}
