import Identifiers
import Testing

@testable import Routing

struct ProfileTests {
    private func catalog(_ profile: Profile) throws -> Catalog {
        Catalog(
            generation: 1, servers: [rules(1, "git"), rules(2, "time")],
            listings: [
                try listing(1, tools: ["log", "push"], prompts: ["p"], resources: ["file:///a"]),
                try listing(2, tools: ["now"], prompts: ["q"], resources: ["file:///a"]),
            ], profiles: [profile])
    }

    @Test("A profile shows and finds only its servers' tools that a glob matches")
    func selection() throws {
        let catalog = try catalog(Profile(name: "read", servers: ["git"], tools: ["*__log", "time__*"]))
        let view = try #require(catalog.view(profile: "read"))
        #expect(try view.allNames(.tools) == ["git__log"])
        #expect(view.route(.tools, "git__push") == nil)
        #expect(view.route(.tools, "time__now") == nil)
        #expect(try view.allNames(.prompts) == ["git__p"])
        #expect(catalog.view(profile: "other") == nil)
    }

    @Test("An empty selection means everything")
    func empty() throws {
        let catalog = try catalog(Profile(name: "all"))
        #expect(try catalog.view(profile: "all")?.allNames(.tools) == catalog.gateway.allNames(.tools))
    }

    @Test("A resource has the same URI in a profile as in the whole gateway, and others' stay out of reach")
    func resources() throws {
        let view = try #require(try catalog(Profile(name: "clock", servers: ["time"])).view(profile: "clock"))
        #expect(try view.allNames(.resources) == ["attune-time+file:///a"])
        #expect(view.resource("attune-time+file:///a")?.upstreamName == "file:///a")
        #expect(view.resource("attune-git+file:///a")?.server != ServerID(1))
    }
}
