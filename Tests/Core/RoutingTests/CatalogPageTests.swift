import Testing
import Wire

@testable import Routing

struct CatalogPageTests {
    private func catalog(generation: UInt64, tools: Int, limits: PageLimits) throws -> Catalog {
        Catalog(
            generation: generation, servers: [rules(1, "a")],
            listings: [
                try listing(1, tools: (0..<tools).map { "t\($0)" }, prompts: (0..<tools).map { "p\($0)" })
            ],
            profiles: [Profile(name: "some")], limits: limits)
    }

    private func cursor(_ page: ListPage?) throws -> String? {
        try page?.nextCursor.flatMap { try JSONView(validating: $0).string }
    }

    @Test("Pages follow each other without loss or repetition, by number and by bytes")
    func complete() throws {
        let expected = (0..<95).map { "a__t\($0)" }
        for limits in [
            PageLimits(items: 10, bytes: 1 << 20), PageLimits(items: 1_000, bytes: 150), .standard,
        ] {
            let catalog = try catalog(generation: 1, tools: 95, limits: limits)
            #expect(try catalog.gateway.allNames(.tools) == expected)
        }
    }

    @Test("No page exceeds its limits, save one whose only item does")
    func bounded() throws {
        let small = try catalog(generation: 1, tools: 95, limits: PageLimits(items: 10, bytes: 200)).gateway
        #expect(try #require(small.page(.tools)).items.count <= 200)
        #expect(try #require(small.page(.tools)).count <= 10)
        let tiny = try catalog(generation: 1, tools: 3, limits: PageLimits(items: 10, bytes: 1)).gateway
        #expect(tiny.page(.tools)?.count == 1)
        #expect(try tiny.allNames(.tools).count == 3)
    }

    @Test("The last page has no cursor")
    func last() throws {
        let view = try catalog(generation: 1, tools: 10, limits: PageLimits(items: 10, bytes: 1 << 20))
            .gateway
        #expect(view.page(.tools)?.nextCursor == nil)
        #expect(view.page(.tools)?.count == 10)
    }

    @Test("A cursor of another snapshot, list or profile, or to no page's start, is refused")
    func foreign() throws {
        let limits = PageLimits(items: 10, bytes: 1 << 20)
        let catalog = try catalog(generation: 7, tools: 30, limits: limits)
        let next = try #require(try cursor(catalog.gateway.page(.tools)))
        #expect(catalog.gateway.page(.tools, cursor: next) != nil)
        #expect(catalog.gateway.page(.prompts, cursor: next) == nil)
        #expect(catalog.view(profile: "some")?.page(.tools, cursor: next) == nil)
        #expect(
            try self.catalog(generation: 8, tools: 30, limits: limits).gateway.page(.tools, cursor: next)
                == nil)
        var place = try #require(Cursor(text: next))
        place.offset = 5
        #expect(catalog.gateway.page(.tools, cursor: place.text) == nil)
        place.offset = .max
        #expect(catalog.gateway.page(.tools, cursor: place.text) == nil)
        #expect(catalog.gateway.page(.tools, cursor: "") == nil)
    }
}
