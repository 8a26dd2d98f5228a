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
}

package protocol ScheduledWork: Sendable {
    func cancel()
}
