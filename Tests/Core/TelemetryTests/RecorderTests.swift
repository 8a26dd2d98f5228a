import Identifiers
import Synchronization
import Telemetry
import Testing

@Suite("The recorder")
struct RecorderTests {
    @Test("A finished call is counted, remembered and passed to those who watch")
    func finished() throws {
        let recorder = Recorder(loops: 1, version: "0", log: .none)
        let seen = Mutex<[UInt64]>([])
        #expect(!recorder.events.isWatched)
        let subscription = try #require(
            recorder.events.subscribe { event in
                if case .call(let record) = event { seen.withLock { $0.append(record.callID.rawValue) } }
            })
        recorder.finished(sampleCall(7), loop: 0)
        recorder.events.cancel(subscription)
        recorder.finished(sampleCall(8), loop: 0)
        #expect(seen.withLock { $0 } == [7])
        #expect(recorder.calls.page(limit: 10).calls.map(\.callID.rawValue).sorted() == [7, 8])
        #expect(text(recorder.metrics.page()).contains(#"outcome="ok"} 2"#))
    }

    @Test("The number of those who watch is bounded")
    func watchers() {
        let events = EventFanOut()
        let taken = (0..<EventFanOut.subscriberLimit + 5).compactMap { _ in events.subscribe { _ in } }
        #expect(taken.count == EventFanOut.subscriberLimit)
        events.cancel(taken[0])
        #expect(events.subscribe { _ in } != nil)
    }

    @Test("Every outcome has a label of its own that leads back to it")
    func labels() {
        for outcome in CallRecord.Outcome.allCases {
            #expect(CallRecord.Outcome(label: outcome.label) == outcome)
        }
    }
}
