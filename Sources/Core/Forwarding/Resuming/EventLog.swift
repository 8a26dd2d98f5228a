import Synchronization

/// The last events of one legacy session's streams, so that a client whose connection broke can read on where
/// it stopped (2025-03-26 to 2025-11-25, basic/transports, resumability). Used from any loop.
///
/// Bounded by events, bytes and age; the oldest go first, whichever stream they are of. Payloads are shared
/// with whoever sent them, not copied.
final class EventLog: Sendable {
    struct Event: Sendable, Equatable {
        let id: EventID
        let payload: [UInt8]
    }

    enum Found {
        /// The stream that belongs to no request. `isWhole` is false if events after the id are gone.
        case general(isWhole: Bool)
        /// The answer to a request; the reply that still writes it, if any.
        case answer(HTTPReply?)
        /// The stream, or events after the id, are not known any more, or never were.
        case unknown
    }

    struct Limits: Sendable {
        var events = 512
        var bytes = 1 << 20
        var streams = 256
        /// In periods of `age`.
        var periods: UInt32 = 20
    }

    private struct Entry {
        let event: Event
        let period: UInt32
        let bytes: Int
    }

    private struct Stream {
        var kept = 0
        /// The number of the last event that is gone.
        var lost: UInt64 = 0
        var isOver = false
        var reply: HTTPReply?
    }

    private struct Shared {
        var entries: [Entry] = []
        var head = 0
        var bytes = 0
        var number: UInt64 = 0
        var lastStream: UInt32 = 0
        var streams: [UInt32: Stream] = [:]
        var period: UInt32 = 0
        /// The number of the last event when the general stream last broke.
        var brokeAt: UInt64 = 0
        var isClosed = false
    }

    /// The stream that belongs to no request.
    static let general: UInt32 = 0
    private static let overhead = 96

    let tag: UInt32
    private let limits: Limits
    private let budget: EventBudget
    private let shared = Mutex(Shared())

    init(budget: EventBudget, limits: Limits = Limits(), tag: UInt32 = .random(in: 1 ... .max)) {
        self.budget = budget
        self.limits = limits
        self.tag = tag
    }

    var count: Int { shared.withLock { $0.entries.count - $0.head } }
    var bytes: Int { shared.withLock { $0.bytes } }
    var streamCount: Int { shared.withLock { $0.streams.count } }
    /// Whether the client has ever opened the stream that belongs to no request.
    var hasGeneral: Bool { shared.withLock { $0.streams[Self.general] != nil } }

    // MARK: Writing

    func openGeneral() {
        shared.withLock { shared in
            if !shared.isClosed, shared.streams[Self.general] == nil {
                shared.streams[Self.general] = Stream()
            }
        }
    }

    /// The general stream broke: of equal announcements that come now, one is kept.
    func generalBroke() { shared.withLock { $0.brokeAt = $0.number } }

    /// Begins the stream of an answer.
    /// - Returns: nil if the session has too many already; the stream can't be resumed then.
    func begin(_ reply: HTTPReply) -> UInt32? {
        shared.withLock { shared in
            guard !shared.isClosed, shared.streams.count < limits.streams else { return nil }
            shared.lastStream += 1
            shared.streams[shared.lastStream] = Stream(reply: reply)
            return shared.lastStream
        }
    }

    /// An id to resume from, of an event that is not kept.
    func mark(_ stream: UInt32) -> EventID {
        shared.withLock { shared in
            shared.number += 1
            return EventID(log: tag, stream: stream, number: shared.number)
        }
    }

    /// Keeps an event.
    /// - Parameter merges: whether an equal event since the general stream broke stands for this one too.
    @discardableResult
    func record(_ payload: [UInt8], on stream: UInt32, merges: Bool = false) -> EventID {
        shared.withLock { shared in
            if merges, let same = Self.find(payload, stream, shared) { return same }
            shared.number += 1
            let event = Event(
                id: EventID(log: tag, stream: stream, number: shared.number), payload: payload)
            guard shared.streams[stream] != nil, !shared.isClosed else { return event.id }
            let bytes = payload.count + Self.overhead
            guard makeRoom(bytes, &shared), shared.streams[stream] != nil else {
                shared.streams[stream]?.lost = event.id.number
                return event.id
            }
            shared.entries.append(Entry(event: event, period: shared.period, bytes: bytes))
            shared.bytes += bytes
            shared.streams[stream]?.kept += 1
            return event.id
        }
    }

    private static func find(_ payload: [UInt8], _ stream: UInt32, _ shared: Shared) -> EventID? {
        for entry in shared.entries[shared.head...].reversed() {
            guard entry.event.id.number > shared.brokeAt else { return nil }
            if entry.event.id.stream == stream, entry.event.payload == payload { return entry.event.id }
        }
        return nil
    }

    /// The answer has been sent, or none will be.
    func finish(_ stream: UInt32) {
        shared.withLock { shared in
            shared.streams[stream]?.isOver = true
            shared.streams[stream]?.reply = nil
            forgetIfEmpty(stream, &shared)
        }
    }

    // MARK: Reading

    /// What the id of the last event that a client has seen leads to.
    func find(_ id: EventID) -> Found {
        shared.withLock { shared in
            let isOwn = id.log == tag
            if id.stream == Self.general {
                return .general(isWhole: isOwn && (shared.streams[Self.general]?.lost ?? 0) <= id.number)
            }
            guard isOwn, let stream = shared.streams[id.stream], stream.lost <= id.number else {
                return .unknown
            }
            return .answer(stream.reply)
        }
    }

    /// The kept events of the id's stream that came after it.
    /// - Complexity: O(kept events).
    func events(after id: EventID) -> [Event] {
        guard id.log == tag else { return [] }
        return shared.withLock { shared in
            shared.entries[shared.head...].compactMap { entry in
                let event = entry.event
                return event.id.stream == id.stream && event.id.number > id.number ? event : nil
            }
        }
    }

    // MARK: Bounds

    private func makeRoom(_ bytes: Int, _ shared: inout Shared) -> Bool {
        guard bytes <= limits.bytes else { return false }
        while shared.bytes + bytes > limits.bytes || shared.entries.count - shared.head >= limits.events {
            guard evictFirst(&shared) else { return false }
        }
        while !budget.take(bytes) {
            guard evictFirst(&shared) else { return false }
        }
        return true
    }

    private func evictFirst(_ shared: inout Shared) -> Bool {
        guard shared.head < shared.entries.count else { return false }
        let entry = shared.entries[shared.head]
        shared.head += 1
        if shared.head * 2 > shared.entries.count {
            shared.entries.removeFirst(shared.head)
            shared.head = 0
        }
        shared.bytes -= entry.bytes
        budget.give(entry.bytes)
        let stream = entry.event.id.stream
        shared.streams[stream]?.kept -= 1
        shared.streams[stream]?.lost = entry.event.id.number
        forgetIfEmpty(stream, &shared)
        return true
    }

    private func forgetIfEmpty(_ stream: UInt32, _ shared: inout Shared) {
        if let state = shared.streams[stream], state.isOver, state.kept == 0 { shared.streams[stream] = nil }
    }

    /// A period has passed; what is too old goes.
    func age() {
        shared.withLock { shared in
            shared.period += 1
            while shared.head < shared.entries.count,
                shared.period - shared.entries[shared.head].period > limits.periods
            {
                guard evictFirst(&shared) else { return }
            }
        }
    }

    /// The session has ended.
    func close() {
        shared.withLock { shared in
            shared.isClosed = true
            while evictFirst(&shared) {}
            shared.streams = [:]
        }
    }
}
