/// Lets at most `limit` calls run at a server and keeps the others in bounded lines, one a priority.
///
/// Order: the most urgent line first, each line in order of arrival; but a line that was passed over
/// `maxPassedOver` times in a row is served next, so that none starves. Background calls may fill half of the
/// places only, so that guesses never crowd out real calls. One value a server and loop.
public struct Admission<Element> {
    public typealias Verdict = AdmissionVerdict

    @inlinable public static var maxPassedOver: Int { 16 }
    @inlinable public static var retryAfterBounds: ClosedRange<Int> { 50...30_000 }

    @usableFromInline var counts: AdmissionCounts
    @usableFromInline var interactive = WaitingLine<Element>()
    @usableFromInline var normal = WaitingLine<Element>()
    @usableFromInline var background = WaitingLine<Element>()
    @usableFromInline var normalPassedOver = 0
    @usableFromInline var backgroundPassedOver = 0
    /// An exponentially weighted mean of how long calls take.
    @usableFromInline var meanMilliseconds = 100

    /// - Parameters:
    ///   - limit: calls at once; at least 1.
    ///   - queueBound: calls that may wait, all priorities together.
    @inlinable public init(limit: Int, queueBound: Int) {
        counts = AdmissionCounts(limit: max(1, limit), queueBound: max(0, queueBound))
    }

    @inlinable public var limit: Int { counts.limit }
    @inlinable public var queueBound: Int { counts.queueBound }
    @inlinable public var running: Int { counts.running }
    @inlinable public var waiting: Int { counts.waiting }

    /// - Complexity: O(1) amortised; allocates only when the call must wait.
    @inlinable public mutating func admit(_ element: Element, priority: CallPriority) -> Verdict {
        if running < limit && waiting == 0 {
            counts.running += 1
            return .run
        }
        guard waiting < queueBound, priority != .background || background.count < max(1, queueBound / 2)
        else {
            return .refused(retryAfterMilliseconds: retryAfterMilliseconds)
        }
        switch priority {
        case .interactive: interactive.append(element)
        case .normal: normal.append(element)
        case .background: background.append(element)
        }
        counts.waiting += 1
        return .queued
    }

    /// Ends one running call.
    /// - Parameter milliseconds: how long it ran, if that says something of the calls to come.
    /// - Returns: the waiting call that runs now in its place.
    /// - Complexity: O(1).
    @inlinable public mutating func finished(afterMilliseconds milliseconds: Int? = nil) -> Element? {
        precondition(running > 0, "a call finished that was never admitted")
        if let milliseconds {
            let bounded = min(max(0, milliseconds), Self.retryAfterBounds.upperBound)
            meanMilliseconds = (meanMilliseconds * 7 + bounded) / 8
        }
        counts.running -= 1
        return startNext()
    }

    /// Takes a call out of its line, because its client gave up or its deadline passed.
    /// - Complexity: O(waiting).
    @inlinable public mutating func withdraw(where isWanted: (Element) -> Bool) -> Element? {
        let element =
            interactive.removeFirst(where: isWanted) ?? normal.removeFirst(where: isWanted)
            ?? background.removeFirst(where: isWanted)
        if element != nil { counts.waiting -= 1 }
        return element
    }

    /// Takes all waiting calls out, most urgent first, because the server is gone. Running calls still
    /// finish.
    @inlinable public mutating func withdrawAll() -> [Element] {
        var withdrawn: [Element] = []
        while let element = interactive.popFirst() ?? normal.popFirst() ?? background.popFirst() {
            withdrawn.append(element)
        }
        counts.waiting = 0
        return withdrawn
    }

    /// Changes the limits; running and waiting calls beyond a lower limit stay.
    /// - Returns: the waiting calls that a higher limit lets run now.
    @inlinable public mutating func setLimits(limit: Int, queueBound: Int) -> [Element] {
        counts.limit = max(1, limit)
        counts.queueBound = max(0, queueBound)
        var started: [Element] = []
        while let element = startNext() { started.append(element) }
        return started
    }

    @inlinable mutating func startNext() -> Element? {
        guard waiting > 0, running < limit, let element = popNext() else { return nil }
        counts.waiting -= 1
        counts.running += 1
        return element
    }

    @inlinable mutating func popNext() -> Element? {
        let backgroundIsDue = backgroundPassedOver >= Self.maxPassedOver
        let normalIsDue = normalPassedOver >= Self.maxPassedOver
        if !background.isEmpty && (backgroundIsDue || (interactive.isEmpty && normal.isEmpty)) {
            backgroundPassedOver = 0
            if !normal.isEmpty { normalPassedOver += 1 }
            return background.popFirst()
        }
        backgroundPassedOver = background.isEmpty ? 0 : backgroundPassedOver + 1
        if !normal.isEmpty && (normalIsDue || interactive.isEmpty) {
            normalPassedOver = 0
            return normal.popFirst()
        }
        normalPassedOver = normal.isEmpty ? 0 : normalPassedOver + 1
        return interactive.popFirst()
    }

    /// The time in which as many calls finish as run and wait now.
    @inlinable var retryAfterMilliseconds: Int {
        let estimate = meanMilliseconds * (running + waiting + 1) / limit
        return min(max(estimate, Self.retryAfterBounds.lowerBound), Self.retryAfterBounds.upperBound)
    }
}

extension Admission: Sendable where Element: Sendable {}
