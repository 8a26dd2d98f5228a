import Testing
import Wire

@testable import Routing

struct ItemListTests {
    private func tools(_ items: String..., dropsInvalidHeaders: Bool = false) throws -> ItemList {
        var list = ItemList(.tools)
        _ = try list.append(
            page: json("{\"tools\":[\(items.joined(separator: ","))]}"),
            dropsInvalidHeaders: dropsInvalidHeaders)
        return list
    }

    @Test("An item keeps its bytes, its name as written, its title and its input schema's place")
    func bytes() throws {
        let text = #"{ "x":1.50, "name" : "a\u0062", "title":"T", "inputSchema": {"type":"object"} }"#
        let item = try #require(try tools(#"{"name":"first"}"#, text).items.last)
        #expect(item.bytes == Array(text.utf8))
        #expect(item.name == "ab")
        #expect(item.nameJSON == Array(#""a\u0062""#.utf8))
        #expect(item.title == "T")
        #expect(Array(item.bytes[item.inputSchema.range]) == Array(#"{"type":"object"}"#.utf8))
    }

    @Test("Annotations give the hints, and the title where the tool has none")
    func hints() throws {
        let item = try #require(
            try tools(
                #"{"name":"a","annotations":{"title":"T","readOnlyHint":true,"destructiveHint":false}}"#
            )
            .items.first)
        #expect(item.title == "T")
        #expect(item.hints == ToolHints(readOnly: true, destructive: false))
        #expect(item.hints.isRepeatable)
        #expect(!ToolHints(destructive: false).isRepeatable)
    }

    @Test(
        "Malformed items are left out and counted by reason, the others stay",
        arguments: [
            ("3", ItemDrop.notAnObject), (#"{"title":"x"}"#, .noName), (#"{"name":3}"#, .noName),
            (#"{"name":""}"#, .noName), (#"{"name":"x","na\u006de":"other__tool"}"#, .repeatedNameKey),
            (#"{"name":"good"}"#, .duplicate),
        ])
    func dropped(_ row: (String, ItemDrop)) throws {
        let list = try tools(#"{"name":"good"}"#, row.0, #"{"name":"also"}"#)
        #expect(list.items.map(\.name) == ["good", "also"])
        #expect(list.dropped == [row.1: 1])
    }

    @Test("Names that only look alike are two names")
    func normalisation() throws {
        #expect(try tools("{\"name\":\"\u{e9}\"}", "{\"name\":\"e\u{301}\"}").items.count == 2)
    }

    @Test("A list stops at ten thousand items, and asks for no further page")
    func bounded() throws {
        var list = ItemList(.tools)
        let items = (0...ItemList.maxItems).map { "{\"name\":\"t\($0)\"}" }.joined(separator: ",")
        let next = try list.append(page: json("{\"tools\":[\(items)],\"nextCursor\":\"more\"}"))
        #expect(next == nil)
        #expect(list.items.count == ItemList.maxItems)
        #expect(list.dropped == [.limit: 1])
    }

    @Test("Pages add up, and the cursor is handed back as the server wrote it")
    func pages() throws {
        var list = ItemList(.prompts)
        #expect(
            try list.append(page: json(#"{"prompts":[{"name":"a"}],"nextCursor":"\u0061"}"#))
                == Array(#""\u0061""#.utf8))
        #expect(
            try list.append(page: json(#"{"prompts":[{"name":"b"}],"nextCursor":""}"#)) == Array(#""""#.utf8))
        #expect(try list.append(page: json(#"{"prompts":[{"name":"c"}]}"#)) == nil)
        #expect(list.items.map(\.name) == ["a", "b", "c"])
    }

    @Test("A page whose next cursor leads to itself, is no string, or that has no items is an error")
    func badPages() throws {
        var list = ItemList(.resources)
        #expect(throws: ItemList.PageError.notAnObject) { try list.append(page: json("[]")) }
        #expect(throws: ItemList.PageError.noItems) { try list.append(page: json(#"{"resources":{}}"#)) }
        #expect(throws: ItemList.PageError.badCursor) {
            try list.append(page: json(#"{"resources":[],"nextCursor":7}"#))
        }
        _ = try list.append(page: json(#"{"resources":[],"nextCursor":"x"}"#))
        #expect(throws: ItemList.PageError.cursorLoop) {
            try list.append(page: json(#"{"resources":[],"nextCursor":"x"}"#))
        }
    }

    @Test("The smallest time to live counts, and pages that differ in scope are private")
    func caching() throws {
        var list = ItemList(.tools)
        #expect(list.ttlMilliseconds == nil)
        _ = try list.append(page: json(#"{"tools":[],"ttlMs":900,"cacheScope":"public"}"#))
        #expect(list.cacheScope == .public)
        _ = try list.append(page: json(#"{"tools":[],"ttlMs":300,"cacheScope":"public"}"#))
        #expect(list.ttlMilliseconds == 300)
        #expect(list.cacheScope == .public)
        _ = try list.append(page: json(#"{"tools":[],"ttlMs":-5}"#))
        #expect(list.ttlMilliseconds == 0)
        #expect(list.cacheScope == .private)
    }
}
