import Schemas

/// What waits to be written together, in order.
///
/// Calls are bytes one behind the other, so that handing one to the log's thread makes no object and leaves
/// none to be freed there.
struct AuditBacklog: Sendable {
    typealias Answer = AuditQueue.Answer

    /// What stands at a place of the order. Its bytes are behind those of the one before it: the fields that
    /// come before the digests, those behind them, then what the digests are of.
    private struct Slot: Sendable {
        var microseconds: UInt64
        var isCall = false
        /// True if what the digests are of is in `apart`.
        var isApart = false
        var headBytes = 0
        var tailBytes = 0
        var argumentBytes = 0
        var resultBytes = 0
    }

    /// Together they fit in one batch of a store, whatever is in them.
    static let mostItems = 1024
    /// Contents that are longer stay in the messages that they came in.
    static let mostCopiedBytes = 8192
    /// What is kept of its room when it is emptied.
    private static let mostKeptBytes = 1 << 20

    private var slots: [Slot] = []
    private var bytes: [UInt8] = []
    private var events: [AuditEvent] = []
    private var apart: [ArraySlice<UInt8>] = []
    private(set) var answers: [Answer] = []
    /// What it holds of messages, those that are apart as a whole.
    private(set) var heldBytes = 0

    var count: Int { slots.count }
    var isEmpty: Bool { slots.isEmpty }
    var isFull: Bool { slots.count >= Self.mostItems }

    /// - Returns: how many bytes it holds now that it did not before.
    @discardableResult
    mutating func append(_ item: AuditQueue.Item) -> Int {
        let before = heldBytes
        switch item.event {
        case .ended(let call, let wasStarted): append(call, wasStarted ? .end : .whole, item.microseconds)
        case .started(let call): append(call, .start, item.microseconds)
        default:
            slots.append(Slot(microseconds: item.microseconds))
            events.append(item.event)
            // Others are made by the gateway, and short.
            if case .act(let action, _, _, let details) = item.event {
                heldBytes += details.reduce(action.utf8.count) { $0 + $1.utf8.count }
            }
        }
        if let answer = item.answer { answers.append(answer) }
        return heldBytes - before
    }

    private mutating func append(_ call: AuditedCall, _ phase: AuditPhase, _ microseconds: UInt64) {
        let arguments = call.request[call.arguments]
        let result = phase == .start ? [] : call.answer[call.result]
        var slot = Slot(microseconds: microseconds, isCall: true)
        let start = bytes.count
        call.appendHead(phase, to: &bytes)
        slot.headBytes = bytes.count - start
        if phase != .start { call.appendTail(to: &bytes) }
        slot.tailBytes = bytes.count - start - slot.headBytes
        slot.argumentBytes = arguments.count
        slot.resultBytes = result.count
        if arguments.count + result.count > Self.mostCopiedBytes {
            slot.isApart = true
            apart.append(arguments)
            apart.append(result)
            heldBytes += call.request.count + call.answer.count
        } else {
            bytes += arguments
            bytes += result
        }
        slots.append(slot)
        heldBytes += bytes.count - start
    }

    /// Calls `take` with each thing that waits, in order.
    func forEach(event take: (AuditEvent, UInt64) -> Void, call takeCall: (QueuedCall) -> Void) {
        var events = self.events[...]
        var apart = self.apart[...]
        var rest = bytes[...]
        func next(_ count: Int) -> ArraySlice<UInt8> {
            defer { rest = rest.dropFirst(count) }
            return rest.prefix(count)
        }
        for slot in slots {
            guard slot.isCall else {
                if let event = events.popFirst() { take(event, slot.microseconds) }
                continue
            }
            let head = next(slot.headBytes)
            let tail = next(slot.tailBytes)
            let arguments = slot.isApart ? apart.removeFirst() : next(slot.argumentBytes)
            let result = slot.isApart ? apart.removeFirst() : next(slot.resultBytes)
            takeCall(
                QueuedCall(
                    microseconds: slot.microseconds, head: head, tail: tail, arguments: arguments,
                    result: result))
        }
    }

    /// Gives those who wait for it, who are told once.
    mutating func takeAnswers() -> [Answer] {
        defer { answers = [] }
        return answers
    }

    /// Becomes empty, with room for as much as it had.
    mutating func removeAll() {
        slots.removeAll(keepingCapacity: true)
        events = []
        apart = []
        answers = []
        heldBytes = 0
        bytes.removeAll(keepingCapacity: bytes.capacity <= Self.mostKeptBytes)
    }
}
