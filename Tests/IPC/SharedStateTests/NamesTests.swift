import SharedState
import TestSupport
import Testing

@Suite("Interned names") struct NamesTests {
    @Test("The same kind and text have the same id, and any process finds both by it") func identity() throws
    {
        let test = try TestTable()
        let names = Names(table: test.table)
        var ids: Set<UInt32> = []
        for kind in NameKind.allCases {
            for text in ["", "files", "files__read", "später", String(repeating: "ü", count: 100)] {
                let id = names.id(kind, text)
                #expect(id != 0)
                #expect(names.id(kind, text) == id)
                #expect(test.reader.name(id) == InternedName(kind: kind, text: text))
                ids.insert(id)
            }
        }
        #expect(ids.count == NameKind.allCases.count * 5)
        #expect(test.reader.name(0) == nil)
        #expect(test.reader.name(999) == nil)
    }

    @Test("Long texts are cut at a character and stay apart") func long() throws {
        let test = try TestTable()
        let names = Names(table: test.table)
        let stem = String(repeating: "日", count: 300)
        let (first, second) = (names.id(.tool, stem + "a"), names.id(.tool, stem + "b"))
        #expect(first != second && names.id(.tool, stem + "a") == first)
        let text = try #require(test.reader.name(first)?.text)
        #expect(text.utf8.count <= 200)
        #expect(stem.hasPrefix(text.prefix { $0 != "~" }))
        #expect(!text.unicodeScalars.contains("\u{FFFD}"))
    }

    @Test("Names of tools outlive any number of sessions, whose names may go") func pressure() throws {
        let test = try TestTable(bytes: 1 << 20)
        let names = Names(table: test.table)
        let tools = (0..<200).map { names.id(.tool, "server__tool_\($0)") }
        var last: UInt32 = 0
        for number in 0..<20_000 {
            last = names.id(.session, "session-\(number)")
            #expect(last != 0)
        }
        #expect(test.reader.name(last)?.text == "session-19999")
        #expect(test.reader.statistics.evictions > 1000)
        for (number, id) in tools.enumerated() {
            #expect(test.reader.name(id) == InternedName(kind: .tool, text: "server__tool_\(number)"))
            #expect(names.id(.tool, "server__tool_\(number)") == id)
        }
        let again = names.id(.session, "session-1")
        #expect(test.reader.name(again)?.text == "session-1")
    }

    @Test("A bounded number of names is pinned, and the rest have no id") func bound() throws {
        let test = try TestTable(bytes: 8 << 20)
        let names = Names(table: test.table)
        let ids = (0..<NameKind.method.mostPinned).map { names.id(.method, "method \($0)") }
        #expect(!ids.contains(0))
        #expect(names.id(.method, "one more") == 0)
        #expect(names.id(.method, "method 5") == ids[5])
        #expect(names.id(.tool, "one more") != 0)
    }

    @Test("Threads that meet on new names agree on their ids") func threads() throws {
        let test = try TestTable(bytes: 8 << 20)
        let names = Names(table: test.table)
        let all = onThreads(4) { _ in (0..<2000).map { names.id(.tool, "tool \($0)") } }
        #expect(Set(all).count == 1)
        #expect(Set(all[0]).count == 2000 && !all[0].contains(0))
        for (number, id) in all[0].enumerated() { #expect(test.reader.name(id)?.text == "tool \(number)") }
    }
}
