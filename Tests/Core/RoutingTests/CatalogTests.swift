import Identifiers
import TestSupport
import Testing
import Wire

@testable import Routing

struct CatalogTests {
    private let two = [rules(1, "time"), rules(2, "git")]

    @Test("An exposed tool name leads to its server and the server's own name")
    func tools() throws {
        let catalog = Catalog(
            generation: 1, servers: two,
            listings: [try listing(1, tools: ["now"]), try listing(2, tools: ["log", "a\"b"])])
        let route = try #require(catalog.gateway.route(.tools, "git__a_b"))
        #expect(route.server == ServerID(2))
        #expect(route.upstreamName == "a\"b")
        #expect(route.upstreamNameJSON == Array(#""a\"b""#.utf8))
        #expect(catalog.item(.tools, route)?.name == "a\"b")
        #expect(catalog.gateway.route(.tools, "log") == nil)
        #expect(catalog.gateway.route(.prompts, "git__log") == nil)
    }

    @Test("Only tools that mirror arguments have header fields, under the server's own name")
    func parameterHeaders() throws {
        var own = ServerListing(server: ServerID(2))
        var list = ItemList(.tools)
        let schema = #"{"properties":{"r":{"type":"string","x-mcp-header":"R"}}}"#
        _ = try list.append(
            page: json(#"{"tools":[{"name":"a","inputSchema":\#(schema)},{"name":"b","inputSchema":{}}]}"#))
        own.tools = list
        let catalog = Catalog(
            generation: 1, servers: two, listings: [try listing(1, tools: ["a"]), own])
        #expect(
            catalog.parameterHeaders(ServerID(2), tool: "a")
                == [ParameterHeader(name: "R", path: ["r"], kind: .string)])
        #expect(catalog.parameterHeaders(ServerID(2), tool: "b") == nil)
        #expect(catalog.parameterHeaders(ServerID(1), tool: "a") == nil)
    }

    @Test("A name in a scanned message is found with and without escapes, and only as a string")
    func inMessage() throws {
        let catalog = Catalog(generation: 1, servers: two, listings: [try listing(1, tools: ["now"])])
        for (text, isFound) in [
            (#""time__now""#, true), (#""time__\u006eow""#, true), (#""time__""#, false), ("7", false),
            ("null", false), (#""""#, false),
        ] {
            let message = Array(("[" + text + "]").utf8)
            let range = ByteRange(start: 1, end: UInt32(message.count - 1))
            #expect((catalog.gateway.route(.tools, in: message, range) != nil) == isFound, "\(text)")
        }
        #expect(catalog.gateway.route(.tools, in: [], .none) == nil)
    }

    @Test("In a merged list only the name changes; every other byte stays")
    func rendering() throws {
        var own = ServerListing(server: ServerID(1))
        var list = ItemList(.tools)
        _ = try list.append(
            page: json(
                #"{"tools":[{ "n":1.0e+400, "name" :"n\u006fw" , "é":[ ] },{"name":"x"}]}"#))
        own.tools = list
        let catalog = Catalog(generation: 1, servers: two, listings: [own])
        #expect(
            catalog.gateway.text(.tools)
                == #"[{ "n":1.0e+400, "name" :"time__now" , "é":[ ] },{"name":"time__x"}]"#)
        #expect(catalog.gateway.text(.prompts) == "[]")
    }

    @Test("Denied tools are neither listed nor found, and renamed ones carry the new name")
    func filtering() throws {
        let servers = [rules(1, "git", ToolFilter(deny: ["*push*"]), renames: ["log": "history"])]
        let catalog = Catalog(
            generation: 1, servers: servers, listings: [try listing(1, tools: ["log", "push", "force_push"])])
        #expect(try catalog.gateway.allNames(.tools) == ["git__history"])
        #expect(catalog.gateway.route(.tools, "git__push") == nil)
        #expect(catalog.gateway.route(.tools, "git__history")?.upstreamName == "log")
        #expect(catalog.gateway.route(.tools, "git__history")?.index == 0)
    }

    @Test("Rows for the tool list tell exposed name, server, own name and title")
    func rows() throws {
        let catalog = Catalog(generation: 1, servers: two, listings: [try listing(2, tools: ["log.x"])])
        #expect(
            catalog.toolRows == [
                ToolRow(name: "git__log_x", server: "git", upstreamName: "log.x", title: nil)
            ])
    }

    @Test("A server named like the start of another cannot take its tools")
    func noShadowing() throws {
        let servers = [rules(1, "git"), rules(2, "g")]
        let catalog = Catalog(
            generation: 1, servers: servers,
            listings: [try listing(2, tools: ["it__log", "git__log"]), try listing(1, tools: ["log"])])
        #expect(catalog.gateway.route(.tools, "git__log")?.server == ServerID(1))
        #expect(catalog.gateway.route(.tools, "g__git__log")?.server == ServerID(2))
        #expect(Set(try catalog.gateway.allNames(.tools)).count == 3)
    }

    @Test("A server that has not answered costs the others nothing")
    func missing() throws {
        let catalog = Catalog(generation: 1, servers: two, listings: [try listing(2, tools: ["log"])])
        #expect(try catalog.gateway.allNames(.tools) == ["git__log"])
        #expect(catalog.listing(ServerID(1)) == nil)
        #expect(Catalog.empty.gateway.text(.tools) == "[]")
    }

    @Test("Caching hints merge to the smallest time and to private unless all lists are public")
    func hints() throws {
        let open = #","ttlMs":500,"cacheScope":"public""#
        let first = try listing(1, tools: ["a"], prompts: ["p"], hints: open)
        let second = try listing(2, tools: ["b"], hints: #","ttlMs":90000,"cacheScope":"public""#)
        let whole = Catalog(generation: 1, servers: two, listings: [first, second])
        #expect(whole.gateway.page(.tools)?.ttlMilliseconds == 500)
        #expect(whole.gateway.page(.tools)?.cacheScope == .public)
        #expect(whole.gateway.page(.prompts)?.cacheScope == .public, "the other server has no prompts")
        let partial = Catalog(generation: 2, servers: two, listings: [second], defaultTTLMilliseconds: 1_000)
        #expect(partial.gateway.page(.tools)?.ttlMilliseconds == 1_000)
        #expect(partial.gateway.page(.tools)?.cacheScope == .private)
        #expect(Catalog.empty.gateway.page(.tools)?.cacheScope == .private)
    }

    @Test(
        "The catalog does not depend on the order in which servers answered", arguments: [31, 32] as [UInt64])
    func orderIndependence(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let servers = (0..<8).map { rules($0, "s\($0)") }
        let uris = (0..<12).map { "file:///\($0)" }
        let listings = try servers.map { server in
            var names = Set<String>()
            for _ in 0..<30 { names.insert(random.text(from: ["a", "b", ".", "_", "é"], length: 1...4)) }
            return try listing(
                server.id.rawValue, tools: names.shuffled(using: &random),
                resources: uris.shuffled(using: &random).dropLast(5),
                templates: ["x://{a}", "y\(server.name)://{a}"])
        }
        let expected = Catalog(generation: 1, servers: servers, listings: listings)
        for _ in 0..<5 {
            let other = Catalog(generation: 1, servers: servers, listings: listings.shuffled(using: &random))
            for kind in ListKind.allCases {
                #expect(other.gateway.text(kind) == expected.gateway.text(kind), "seed \(seed)")
                let names = try other.gateway.allNames(kind)
                #expect(Set(names).count == names.count, "seed \(seed)")
                for name in names {
                    #expect(
                        other.gateway.route(kind, name) == expected.gateway.route(kind, name), "seed \(seed)")
                }
            }
        }
    }
}
