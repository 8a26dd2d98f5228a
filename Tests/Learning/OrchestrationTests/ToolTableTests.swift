import Orchestration
import TestSupport
import Testing

@Suite("Tool table") struct ToolTableTests {
    static func observation(_ server: UInt32, _ tool: UInt32, microseconds: UInt32 = 100) -> Observation {
        Observation(
            server: server, tool: tool, method: 1, outcome: .ok, startMicroseconds: 5,
            durationMicroseconds: microseconds)
    }

    @Test("Tools beyond the bound are counted together as other, and none is missed") func bound() {
        var table = ToolTable()
        for tool in 1...3000 as ClosedRange<UInt32> {
            #expect(table.insert(Self.observation(1, tool), second: 1) { "n\($0)" })
        }
        #expect(table.entries.count == ToolTable.mostEntries)
        #expect(table.entries.reduce(0) { $0 + $1.statistics.calls } == 3000)
        let other = table.entries.filter { $0.tool == ToolTable.other }
        #expect(other.map(\.statistics.calls) == [3000 - UInt64(ToolTable.mostEntries) + 1])
    }

    @Test(
        "A small budget of memory means fewer tools apart, eight at least",
        arguments: [
            (1, 8), (1 << 20, 42), (1 << 40, ToolTable.mostEntries),
        ])
    func budget(bytes: Int, entries: Int) {
        var table = ToolTable(bytes: bytes)
        for tool in 1...2000 as ClosedRange<UInt32> {
            _ = table.insert(Self.observation(1, tool), second: 1) { "n\($0)" }
        }
        #expect(table.entries.count == entries)
        #expect(table.entries.reduce(0) { $0 + $1.statistics.calls } == 2000)
    }

    @Test("Two ids of one name are one tool") func sameName() {
        var table = ToolTable()
        _ = table.insert(Self.observation(1, 2), second: 1) { _ in "x" }
        _ = table.insert(Self.observation(1, 3), second: 1) { _ in "x" }
        #expect(table.entries.map(\.statistics.calls) == [2])
    }

    @Test("A name that is not known is not counted") func unknown() {
        var table = ToolTable()
        #expect(!table.insert(Self.observation(1, 2), second: 1) { $0 == 1 ? "s" : nil })
        #expect(table.entries.isEmpty)
    }

    @Test("Names that make no key of the state table count as other") func longNames() {
        var table = ToolTable()
        _ = table.insert(Self.observation(1, 2), second: 1) {
            $0 == 1 ? "s" : String(repeating: "t", count: 300)
        }
        _ = table.insert(Self.observation(3, 4), second: 1) { $0 == 3 ? "a/b" : "t" }
        #expect(table.entries.map(\.tool) == [ToolTable.other])
        #expect(table.entries.first?.statistics.calls == 2)
    }

    @Test("What changed is given out once, and again each time until its rate is nothing") func publishing() {
        var table = ToolTable()
        _ = table.insert(Self.observation(1, 2), second: 10) { "n\($0)" }
        var published = 0
        var last = -1.0
        for second in 10..<300 as Range<UInt64> {
            for (_, value) in table.takeChanged(second: second) {
                published += 1
                last = value.callsPerSecond
            }
        }
        #expect(published > 10 && published < 200)
        #expect(last >= 0 && last < 0.005)
        #expect(table.takeChanged(second: 1000).isEmpty)
    }
}
