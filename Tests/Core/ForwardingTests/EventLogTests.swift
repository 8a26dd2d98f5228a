import TestSupport
import Testing

@testable import Forwarding

@Suite struct EventLogTests {
    /// The same by brute force: everything that was ever written, and a bound counted from the end.
    private struct Model {
        var events: [(stream: UInt32, number: UInt64, payload: [UInt8])] = []
        let limit: Int

        func kept(after id: EventID) -> [[UInt8]] {
            events.suffix(limit).filter { $0.stream == id.stream && $0.number > id.number }.map(\.payload)
        }

        func isWhole(after id: EventID) -> Bool {
            let all = events.filter { $0.stream == id.stream && $0.number > id.number }
            return all.count == kept(after: id).count
        }
    }

    @Test(
        "What comes after any event of a stream is replayed whole and in order, or said to be lost",
        arguments: 0..<20)
    func replay(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let limit = Int.random(in: 1...40, using: &random)
        let budget = EventBudget(limit: 1 << 20)
        let log = EventLog(budget: budget, limits: .init(events: limit, bytes: 1 << 20, streams: 1_000))
        log.openGeneral()
        let rig = Rig([])
        var streams: [UInt32] = [EventLog.general]
        var over: Set<UInt32> = []
        var ids: [EventID] = []
        var model = Model(limit: limit)
        for step in 0..<400 {
            switch Int.random(in: 0..<20, using: &random) {
            case 0:
                let exchange = ClientExchange(loop: rig.world.loops[0])
                if let stream = log.begin(HTTPReply(exchange, callID: rig.gateway.loops[0].takeCallID())) {
                    streams.append(stream)
                }
            case 1:
                guard let stream = streams.dropFirst().randomElement(using: &random) else { continue }
                log.finish(stream)
                over.insert(stream)
            case 2:
                ids.append(log.mark(streams.filter { !over.contains($0) }.randomElement(using: &random) ?? 0))
            default:
                let open = streams.filter { !over.contains($0) }
                guard let stream = open.randomElement(using: &random) else { continue }
                let payload = Array("event \(step)".utf8)
                let id = log.record(payload, on: stream)
                #expect(id.stream == stream && !ids.contains(id), "seed \(seed)")
                ids.append(id)
                model.events.append((stream, id.number, payload))
            }
            guard let id = ids.randomElement(using: &random) else { continue }
            #expect(EventID(id.text) == id, "seed \(seed)")
            switch log.find(id) {
            case .general(let isWhole):
                #expect(isWhole == model.isWhole(after: id), "seed \(seed)")
                #expect(log.events(after: id).map(\.payload) == model.kept(after: id), "seed \(seed)")
            case .answer:
                #expect(log.events(after: id).map(\.payload) == model.kept(after: id), "seed \(seed)")
                #expect(model.isWhole(after: id), "seed \(seed)")
            case .unknown:
                #expect(!model.isWhole(after: id) || over.contains(id.stream), "seed \(seed)")
            }
            #expect(log.count <= limit && log.streamCount <= streams.count)
        }
        log.close()
        #expect(log.count == 0 && log.bytes == 0 && log.streamCount == 0)
        #expect(budget.usedBytes == 0)
    }

    @Test("Bytes are bounded in a session and over all, and what is old goes")
    func bounds() {
        let budget = EventBudget(limit: 10_000)
        let first = EventLog(budget: budget, limits: .init(bytes: 5_000, periods: 2))
        let second = EventLog(budget: budget, limits: .init(bytes: 50_000))
        for log in [first, second] { log.openGeneral() }
        for _ in 0..<50 { first.record([UInt8](repeating: 1, count: 500), on: EventLog.general) }
        #expect(first.bytes <= 5_000 && first.count > 5)
        for _ in 0..<50 { second.record([UInt8](repeating: 2, count: 500), on: EventLog.general) }
        #expect(first.bytes + second.bytes == budget.usedBytes && budget.usedBytes <= 10_000)
        let large = second.record([UInt8](repeating: 3, count: 60_000), on: EventLog.general)
        #expect(second.events(after: EventID(log: second.tag, stream: 0, number: large.number - 1)).isEmpty)
        for _ in 0..<3 { first.age() }
        #expect(first.count == 0 && first.bytes == 0)
        second.close()
        #expect(budget.usedBytes == 0)
    }

    @Test(
        "Ids that no gateway wrote are refused, and those of another log name no event",
        arguments: ["", "x", "1-2", "1-2-3-4", "-1-2", "1--1-2", "1-2-99999999999999999999999", "g-h-i"])
    func foreign(text: String) {
        #expect(EventID(text) == nil)
        let budget = EventBudget()
        let log = EventLog(budget: budget, tag: 7)
        log.openGeneral()
        log.record([1], on: EventLog.general)
        #expect(log.events(after: EventID(log: 8, stream: 0, number: 0)).isEmpty)
        if case .unknown = log.find(EventID(log: 8, stream: 3, number: 0)) {
        } else {
            Issue.record("an answer of another log was found")
        }
    }
}
