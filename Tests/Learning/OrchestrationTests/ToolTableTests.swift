import Learners
import TestSupport
import Testing

@testable import Orchestration

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

    private static func restored(_ bytes: [UInt8], within budget: Int) -> ToolTable? {
        var decoder = ByteDecoder(bytes)
        let table = ToolTable(bytes: budget, restoring: &decoder)
        return decoder.isAtEnd ? table : nil
    }

    private static func saved(_ table: ToolTable) -> [UInt8] {
        var encoder = ByteEncoder()
        table.save(to: &encoder)
        return encoder.bytes
    }

    @Test(
        "A table of a larger machine is read where less fits: no call is missed, the rest counts as other",
        arguments: [30, 42, 400, 3000] as [UInt32])
    func smallerMachine(tools: UInt32) throws {
        var table = ToolTable()
        for tool in 1...tools {
            for _ in 0..<(tool % 3 + 1) {
                _ = table.insert(Self.observation(1, tool, microseconds: tool), second: 1) { "n\($0)" }
            }
        }
        let read = try #require(Self.restored(Self.saved(table), within: 1 << 20))
        #expect(read.entries.count == min(Int(tools), 42))
        #expect(read.totals == table.totals)
        let other = read.entries.first { $0.tool == ToolTable.other }
        let apart = read.entries.filter { $0.tool != ToolTable.other }
        #expect((other == nil) == (tools <= 41))
        for entry in apart {
            let before = table.entries.first { $0.tool == entry.tool }
            #expect(entry.statistics.calls == before?.statistics.calls)
        }
        // It is a table like any other from then on.
        let again = try #require(Self.restored(Self.saved(read), within: 1 << 20))
        #expect(again.totals == table.totals)
    }

    @Test("A table that names a tool twice, or one that no key has room for, is none") func malformed() {
        var one = ToolTable()
        _ = one.insert(Self.observation(1, 2), second: 1) { "n\($0)" }
        let entry = Self.saved(one).dropFirst(ByteEncoder.count(1).count)
        #expect(Self.restored(ByteEncoder.count(1) + entry, within: .max) != nil)
        #expect(Self.restored(ByteEncoder.count(2) + entry + entry, within: .max) == nil)
        var slashed = ByteEncoder()
        slashed.write(1 as UInt64)
        slashed.write(Array("a/b".utf8))
        slashed.write(Array("t".utf8))
        CallStatistics().save(to: &slashed)
        #expect(Self.restored(slashed.bytes, within: .max) == nil)
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

extension ByteEncoder {
    /// The bytes of a count.
    fileprivate static func count(_ number: UInt64) -> [UInt8] {
        var encoder = ByteEncoder()
        encoder.write(number)
        return encoder.bytes
    }
}
