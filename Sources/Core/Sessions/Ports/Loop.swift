/// One event loop, as the rooms below the transports see it.
///
/// What is confined to a loop is touched only by code that the loop runs; `execute` is the only way in from
/// elsewhere.
package protocol Loop: AnyObject, Sendable {
    /// The loop's position, from 0.
    var index: Int { get }
    var isCurrent: Bool { get }
    func execute(_ body: @escaping @Sendable () -> Void)
    func schedule(after delay: Duration, _ body: @escaping @Sendable () -> Void) -> any ScheduledWork
    /// Tells `one` when the loop's turn ends, before what was written leaves; at once if no turn is under
    /// way.
    ///
    /// Called on the loop, at most once a turn for each.
    func atTurnEnd(_ one: any TurnEnding)
}

extension Loop {
    package func atTurnEnd(_ one: any TurnEnding) { one.turnEnded() }
}

/// Something that gathers what a turn of its loop brings and acts on it once.
package protocol TurnEnding: AnyObject {
    func turnEnded()
}

package protocol ScheduledWork: Sendable {
    func cancel()
}
