import Storage
import Synchronization
import Telemetry
import TestSupport
import Testing

@testable import MetricHistory

@Suite("The history of metrics") struct MetricHistoryTests {
    /// The start of an hour, in 2026.
    private let hour: UInt64 = 1_795_431_600

    @Test("tells the same of every step, in whichever resolution it is kept") func resolutions() throws {
        let rig = HistoryRig()
        let history = rig.history(try rig.open())
        for second in 0..<7300 as Range<UInt64> {
            rig.read(calls: second % 5, gauge: Double(second % 100))
            history.sample(at: hour + second)
        }
        let end = hour + 7300
        for step: UInt64 in [4, 10, 60, 600, 3600] {
            let total = try history.growth("calls", from: hour, to: end, step: step)
            #expect(total == Double(7300 / 5 * 10), "step \(step)")
        }
        let minute = try #require(try history.steps("open", from: hour, to: end, step: 60).first)
        #expect(minute.covered == 60)
        guard case .values(let gauge)? = minute.point else { throw Missing() }
        #expect(gauge.least == 0 && gauge.greatest == 59 && gauge.mean == 29.5 && gauge.last == 59)
        let hours = try history.steps("latency", from: hour, to: hour + 3600, step: 3600)
        guard case .durations(let buckets)? = hours.first?.point else { throw Missing() }
        #expect(buckets.counts == [0, 0, 0, 7200] && buckets.sumMicroseconds == 7200 * 900)
    }

    private struct Missing: Error {}

    @Test(
        "counts nothing twice and loses ten seconds at most, whenever the process is killed",
        arguments: 1...UInt64(20))
    func kills(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let rig = HistoryRig()
        var store = try rig.open()
        var history = rig.history(store)
        var second = hour + UInt64.random(in: 0..<3600, using: &generator)
        let start = second
        var total: UInt64 = 0
        var lost: UInt64 = 0
        var unsaved: [UInt64] = []
        for _ in 0..<2000 {
            if generator.chance(2) {
                // What the process had not written is gone, and the machine goes on.
                store = try rig.open()
                lost += unsaved.reduce(0, +)
                unsaved = []
                history = rig.history(store)
                second += UInt64.random(in: 0..<200, using: &generator)
            }
            let calls = UInt64.random(in: 0...3, using: &generator)
            total += calls
            rig.read(calls: calls)
            if second % 10 == 0 { unsaved = [] }
            unsaved.append(calls)
            history.sample(at: second)
            second += 1
        }
        for step: UInt64 in [60, 3600] {
            let start = start - start % step
            let kept = try history.growth("calls", from: start, to: second, step: step)
            #expect(kept == Double(total - lost), "seed \(seed), step \(step)")
        }
    }

    @Test("outlives each failure of the disk with nothing lost or counted twice") func failures() throws {
        for failing in 1...60 {
            let rig = HistoryRig()
            let history = rig.history(try ReopenedStore(rig))
            rig.disk.fail(operation: rig.disk.operations + failing, .inputOutput)
            for second in 0..<400 as Range<UInt64> {
                rig.read(calls: 1)
                history.sample(at: hour + second)
            }
            for (end, step) in [(400, 1), (360, 60)] as [(UInt64, UInt64)] {
                let kept = try history.growth("calls", from: hour, to: hour + end, step: step)
                #expect(kept == Double(end), "at \(failing), step \(step)")
            }
        }
    }

    @Test("keeps what is not older than its retention, and less where it takes too much") func retention()
        throws
    {
        let rig = HistoryRig()
        let history = rig.history(try rig.open())
        let day: UInt64 = 86_400
        for start in [0, 2 * 3600, 8 * day, 401 * day] as [UInt64] {
            for second in 0..<7200 as Range<UInt64> where second % 5 == 0 {
                rig.read(calls: 1)
                history.sample(at: hour + start + second)
            }
        }
        let end = hour + 401 * day + 7200
        #expect(try history.growth("calls", from: hour, to: hour + 4 * 3600, step: 3600) == 0)
        #expect(
            try history.growth("calls", from: hour + 8 * day, to: hour + 8 * day + 7200, step: 3600) == 1440)
        #expect(try history.growth("calls", from: end - 7200, to: end, step: 10) == 1440)
        let large = rig.history(try rig.open(), bytesLimit: 100, bytes: 400)
        for second in 0..<20 as Range<UInt64> {
            rig.read(calls: 1)
            large.sample(at: end + second)
        }
        // A quarter of 400 days, and of three hours.
        #expect(try large.growth("calls", from: hour + 8 * day, to: hour + 9 * day, step: 3600) == 0)
    }

    @Test("takes series by name and labels, in pages or as one") func queries() throws {
        let rig = HistoryRig()
        let history = rig.history(try rig.open())
        for second in 1...30 as ClosedRange<UInt64> {
            rig.set(
                (0..<60).map { server in
                    MetricReading(
                        "calls", [("server", "s\(server)"), ("kind", server % 2 == 0 ? "even" : "odd")],
                        .counter(Double(second), fromZero: true))
                })
            history.sample(at: hour + second)
        }
        let end = hour + 31
        func ask(_ labels: [MetricSeries.Label], _ skipped: Int = 0, sum: Bool = false) throws -> MetricAnswer
        {
            let query = MetricQuery(
                "calls", labels, start: hour, end: end, step: 10, isSummed: sum, skipped: skipped, limit: 20)
            return try history.answer(try #require(query))
        }
        let first = try ask([])
        #expect(first.tracks.count == 20 && first.hasMore)
        let last = try ask([], 40)
        #expect(last.tracks.count == 20 && !last.hasMore)
        let odd = try ask([.init("kind", "odd"), .init("server", "s7")])
        #expect(odd.tracks.map(\.series.labels) == [[.init("server", "s7"), .init("kind", "odd")]])
        let all = try #require(try ask([.init("kind", "odd")], sum: true).tracks.first)
        #expect(all.steps.map { $0.covered } == [9, 10, 10, 1])
        func sum(_ point: MetricPoint?) -> Double? {
            guard case .values(let values)? = point else { return nil }
            return values.sum
        }
        #expect(all.steps.map { sum($0.point) } == [270, 300, 300, 30])
        for step: UInt64 in [.max, .max - 1, 1 << 40] {
            #expect(MetricQuery("calls", start: hour, end: end, step: step, isSummed: true) == nil)
        }
        // More series and steps than are summed at once.
        let query = try #require(MetricQuery("calls", start: hour, end: hour + 2000, step: 1, isSummed: true))
        #expect(60 * 2000 > HistoryReader.mostPoints)
        let fine = try #require(try history.answer(query).tracks.first)
        #expect(fine.steps.map(\.start) == Array(hour + 1...hour + 30))
        #expect(fine.steps.map { sum($0.point) } == [60] + Array(repeating: 60, count: 29))
        #expect(try ask([.init("kind", "none")]).tracks.isEmpty)
        #expect(try history.series().count == 60)
    }

    @Test("takes no more series than it may, and forgets those that are out of date") func bounds() throws {
        let rig = HistoryRig()
        let store = try rig.open()
        let history = rig.history(store)
        func sample(_ prefix: String, at second: UInt64) {
            rig.set((0..<2000).map { MetricReading("\(prefix)\($0)", [], .gauge(1)) })
            history.sample(at: second)
        }
        sample("a", at: hour)
        sample("a", at: hour + 10)
        #expect(try SeriesCatalog(store).series.count == SeriesCatalog.mostSeries)
        let later = hour + 402 * 86_400
        for second in 0...3 { sample("b", at: later + UInt64(second) * 700) }
        let names = try SeriesCatalog(store).series.keys.map(\.name)
        #expect(names.count == SeriesCatalog.mostSeries && names.allSatisfy { $0.hasPrefix("b") })
    }

    @Test("goes on after the clock was set back or forth") func clock() throws {
        let rig = HistoryRig()
        let history = rig.history(try rig.open())
        var total = 0.0
        for start in [hour, hour - 7200, hour + 3600] {
            for second in 0..<120 as Range<UInt64> {
                rig.read(calls: 2)
                history.sample(at: start + second)
            }
            total += 240
        }
        let from = hour - 7200
        for step: UInt64 in [10, 60, 3600] {
            #expect(
                try history.growth("calls", from: from, to: hour + 7200, step: step) == total, "step \(step)")
        }
    }

    @Test("has questions of 2,000 steps at most") func steps() {
        #expect(MetricQuery("a", start: 0, end: 2001, step: 1) == nil)
        #expect(MetricQuery("a", start: 5, end: 5, step: 1) == nil)
        #expect(MetricQuery("a", start: 5, end: .max, step: 1 << 60) == nil)
        for length: UInt64 in [1, 300, 3600, 86_400, 30 * 86_400, 400 * 86_400] {
            let step = MetricQuery.step(from: 1_000_000, to: 1_000_000 + length)
            #expect(MetricQuery("a", start: 1_000_000, end: 1_000_000 + length, step: step) != nil)
        }
    }
}

/// A store that is opened anew after a write that failed, as a keeper does.
private final class ReopenedStore: OrderedStore {
    private let rig: HistoryRig
    private let current: Mutex<MemoryStore>

    init(_ rig: HistoryRig) throws(StorageError) {
        self.rig = rig
        current = Mutex(try rig.open())
    }

    private var opened: MemoryStore { current.withLock { $0 } }

    var families: [Family] { opened.families }

    func value(of key: [UInt8], in family: Family) throws(StorageError) -> [UInt8]? {
        try opened.value(of: key, in: family)
    }

    func cursor(
        over range: KeyRange, in family: Family, _ direction: Direction
    ) throws(StorageError) -> any StoreCursor { try opened.cursor(over: range, in: family, direction) }

    func snapshot() throws(StorageError) -> any OrderedReader { try opened.snapshot() }

    func write(_ batch: WriteBatch, _ durability: Durability) throws(StorageError) {
        do throws(StorageError) {
            try opened.write(batch, durability)
        } catch {
            let anew = try rig.open()
            current.withLock { $0 = anew }
            throw error
        }
    }

    func sync() throws(StorageError) { try opened.sync() }
    func close() throws(StorageError) { try opened.close() }
}
