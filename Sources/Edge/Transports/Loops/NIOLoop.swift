import NIOCore
import Sessions

/// One NIO event loop behind the `Loop` port.
package final class NIOLoop: Loop {
    package let index: Int
    let eventLoop: any EventLoop
    private let box: NIOLoopBoundBox<LoopState>

    init(index: Int, eventLoop: any EventLoop) {
        self.index = index
        self.eventLoop = eventLoop
        box = NIOLoopBoundBox.makeBoxSendingValue(LoopState(eventLoop), eventLoop: eventLoop)
    }

    /// What the loop's transports share; traps off the loop.
    var state: LoopState { box.value }

    package var isCurrent: Bool { eventLoop.inEventLoop }

    package func execute(_ body: @escaping @Sendable () -> Void) {
        let box = box
        eventLoop.execute { box.value.run(body) }
    }

    package func schedule(after delay: Duration, _ body: @escaping @Sendable () -> Void) -> any ScheduledWork
    {
        let box = box
        return NIOScheduledWork(
            eventLoop.scheduleTask(in: TimeAmount(delay)) { box.value.run(body) })
    }

    package func atTurnEnd(_ one: any TurnEnding) { state.atTurnEnd(one) }

    /// Awaits a value that `body` makes on the loop.
    func run<Value: Sendable>(_ body: @escaping @Sendable (LoopState) throws -> Value) async throws -> Value {
        let box = box
        return try await eventLoop.submit { try body(box.value) }.get()
    }
}

/// A NIO timer behind the `ScheduledWork` port.
struct NIOScheduledWork: ScheduledWork {
    private let scheduled: Scheduled<Void>

    init(_ scheduled: Scheduled<Void>) { self.scheduled = scheduled }

    func cancel() { scheduled.cancel() }
}
