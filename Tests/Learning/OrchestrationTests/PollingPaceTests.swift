import Orchestration
import Testing

@Suite("Polling pace") struct PollingPaceTests {
    @Test("Idle rings are looked at fifty times a second") func idle() {
        var pace = PollingPace()
        for _ in 0..<100 { _ = pace.next(found: 0) }
        #expect(pace.pause == PollingPace.longest)
    }

    @Test("Busy rings shorten the pause, but it never vanishes") func busy() {
        var pace = PollingPace()
        for _ in 0..<100 { _ = pace.next(found: 1000) }
        #expect(pace.pause == PollingPace.shortest)
    }

    @Test("A steady stream settles at batches of dozens", arguments: [1_000, 5_000, 20_000, 100_000])
    func steady(perSecond: Int) {
        var pace = PollingPace()
        for _ in 0..<200 {
            let (seconds, attoseconds) = pace.pause.components
            _ = pace.next(found: Int(Double(perSecond) * (Double(seconds) + Double(attoseconds) / 1e18)))
        }
        let (_, attoseconds) = pace.pause.components
        let batch = Double(perSecond) * Double(attoseconds) / 1e18
        #expect(batch >= 8 && batch <= 80)
    }

    @Test("A lull doubles the pause") func lull() {
        var pace = PollingPace()
        for _ in 0..<10 { _ = pace.next(found: 1000) }
        #expect(pace.next(found: 3) == PollingPace.shortest * 2)
    }
}
