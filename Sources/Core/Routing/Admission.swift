/// Lets at most `limit` calls run at a server and keeps the others in bounded lines, one a priority.
///
/// Order: the most urgent line first, each line in order of arrival; but a line that was passed over
/// `maxPassedOver` times in a row is served next, so that none starves. Background calls may fill half of the places
/// only, so that guesses never crowd out real calls. One value a server and loop.
package struct Admission<Element> {
    package enum Verdict: Hashable, Sendable {
        /// The call may start; `finished` must follow.
        case run
        /// The call waits; `finished` or `setLimits` hands it back when its turn comes.
        case queued
        /// Too many wait.
        case refused(retryAfterMilliseconds: Int)
    }

    package static var maxPassedOver: Int { 16 }
    package static var retryAfterBounds: ClosedRange<Int> { 50...30_000 }

    package private(set) var limit: Int
    package private(set) var queueBound: Int
    package private(set) var running = 0
    private var interactive = WaitingLine<Element>()
    private var normal = WaitingLine<Element>()
    private var background = WaitingLine<Element>()
    private var normalPassedOver = 0
    private var backgroundPassedOver = 0
    /// An exponentially weighted mean of how long calls take.
    private var meanMilliseconds = 100

    /// - Parameters:
    ///   - limit: calls at once; at least 1.
    ///   - queueBound: calls that may wait, all priorities together.
    package init(limit: Int, queueBound: Int) {
        self.limit = max(1, limit)
        self.queueBound = max(0, queueBound)
    }

    package var waiting: Int { interactive.count + normal.count + background.count }

    /// - Complexity: O(1) amortised; allocates only when the call must wait.
    package mutating func admit(_ element: Element, priority: CallPriority) -> Verdict {
        let waiting = self.waiting
        if running < limit && waiting == 0 {
            running += 1
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
        return .queued
    }

    /// Ends one running call.
    /// - Parameter milliseconds: how long it ran, if that says something of the calls to come.
    /// - Returns: the waiting call that runs now in its place.
    /// - Complexity: O(1).
    package mutating func finished(afterMilliseconds milliseconds: Int? = nil) -> Element? {
        precondition(running > 0, "a call finished that was never admitted")
        if let milliseconds {
            let bounded = min(max(0, milliseconds), Self.retryAfterBounds.upperBound)
            meanMilliseconds = (meanMilliseconds * 7 + bounded) / 8
        }
        running -= 1
        return startNext()
    }

    /// Takes a call out of its line, because its client gave up or its deadline passed.
    /// - Complexity: O(waiting).
    package mutating func withdraw(where isWanted: (Element) -> Bool) -> Element? {
        interactive.removeFirst(where: isWanted) ?? normal.removeFirst(where: isWanted)
            ?? background.removeFirst(where: isWanted)
    }

    /// Takes all waiting calls out, most urgent first, because the server is gone. Running calls still finish.
    package mutating func withdrawAll() -> [Element] {
        var withdrawn: [Element] = []
        while let element = interactive.popFirst() ?? normal.popFirst() ?? background.popFirst() {
            withdrawn.append(element)
        }
        return withdrawn
    }

    /// Changes the limits; running and waiting calls beyond a lower limit stay.
    /// - Returns: the waiting calls that a higher limit lets run now.
    package mutating func setLimits(limit: Int, queueBound: Int) -> [Element] {
        self.limit = max(1, limit)
        self.queueBound = max(0, queueBound)
        var started: [Element] = []
        while let element = startNext() { started.append(element) }
        return started
    }

    private mutating func startNext() -> Element? {
        guard running < limit, let element = popNext() else { return nil }
        running += 1
        return element
    }

    private mutating func popNext() -> Element? {
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
    private var retryAfterMilliseconds: Int {
        let estimate = meanMilliseconds * (running + waiting + 1) / limit
        return min(max(estimate, Self.retryAfterBounds.lowerBound), Self.retryAfterBounds.upperBound)
    }
}

extension Admission: Sendable where Element: Sendable {}
