import Identifiers
import Testing
import Wire

@testable import Routing

struct CatalogResourceTests {
    private let servers = [rules(1, "one"), rules(2, "two"), rules(3, "three")]

    private func catalog() throws -> Catalog {
        Catalog(
            generation: 1, servers: servers,
            listings: [
                try listing(
                    2, resources: ["file:///a", "file:///b", "attune-one+file:///c"], templates: ["db://{t}"]),
                try listing(1, resources: ["file:///a"], templates: ["log://{+path}", "db://{t}"]),
            ])
    }

    @Test("The first server in the configuration keeps a URI, a later one's is prefixed")
    func conflict() throws {
        let view = try catalog().gateway
        #expect(
            try view.allNames(.resources)
                == ["file:///a", "attune-two+file:///a", "file:///b", "attune-two+attune-one+file:///c"])
        #expect(view.resource("file:///a")?.server == ServerID(1))
        let later = try #require(view.resource("attune-two+file:///a"))
        #expect(later.server == ServerID(2))
        #expect(later.upstreamName == "file:///a")
        #expect(later.upstreamNameJSON == Array(#""file:///a""#.utf8))
        #expect(view.resource("file:///b")?.server == ServerID(2))
    }

    @Test("A prefixed URI reaches the server that it names, listed or not, past a listed look-alike")
    func prefixed() throws {
        let view = try catalog().gateway
        let route = try #require(view.resource("attune-one+file:///c"))
        #expect(route.server == ServerID(1))
        #expect(route.upstreamName == "file:///c")
        #expect(view.resource("attune-two+attune-one+file:///c")?.upstreamName == "attune-one+file:///c")
        #expect(view.resource("attune-nobody+file:///c") == nil)
    }

    @Test("A URI that no server listed goes to the first server with a template for it")
    func templates() throws {
        let catalog = try catalog()
        let view = catalog.gateway
        #expect(view.resource("log://x/y")?.server == ServerID(1))
        let route = try #require(view.resource("db://users"))
        #expect(route.server == ServerID(1))
        #expect(route.index == 1)
        #expect(view.resource("attune-two+db://users")?.server == ServerID(2))
        #expect(view.resource("file:///unknown") == nil)
        #expect(
            try view.allNames(.resourceTemplates) == ["log://{+path}", "db://{t}", "attune-two+db://{t}"])
        #expect(view.route(.resourceTemplates, "attune-two+db://{t}")?.upstreamName == "db://{t}")
    }

    @Test("The only server that has resources gets the URIs that none listed")
    func soleServer() throws {
        let catalog = Catalog(
            generation: 1, servers: servers,
            listings: [try listing(1, tools: ["a"]), try listing(2, resources: ["file:///b"])])
        #expect(catalog.gateway.resource("file:///unlisted")?.server == ServerID(2))
    }

    @Test("What a server says of its own resources is exposed under a URI that leads back to it")
    func exposedURI() throws {
        let catalog = try catalog()
        #expect(catalog.exposedURI(ServerID(1), "file:///a") == "file:///a")
        #expect(catalog.exposedURI(ServerID(2), "file:///a") == "attune-two+file:///a")
        #expect(catalog.exposedURI(ServerID(2), "db://users") == "attune-two+db://users")
        #expect(catalog.exposedURI(ServerID(1), "db://users") == "db://users")
        #expect(catalog.exposedURI(ServerID(2), "https://example.com/") == "https://example.com/")
        #expect(catalog.exposedURI(ServerID(2), "attune-one+x:y") == "attune-two+attune-one+x:y")
        for server in [ServerID(1), ServerID(2)] {
            for uri in ["file:///a", "db://users", "attune-one+x:y", "attune-two+x:y"] {
                let route = catalog.gateway.resource(catalog.exposedURI(server, uri))
                #expect(route?.server == server)
                #expect(route?.upstreamName == uri)
            }
        }
    }

    @Test("A URI in a scanned message is found with escapes too")
    func inMessage() throws {
        let message = Array(#"["attune-two+file:\/\/\/a"]"#.utf8)
        let range = ByteRange(start: 1, end: UInt32(message.count - 1))
        #expect(try catalog().gateway.resource(in: message, range)?.server == ServerID(2))
        #expect(try catalog().gateway.resource(in: message, .none) == nil)
    }
}
