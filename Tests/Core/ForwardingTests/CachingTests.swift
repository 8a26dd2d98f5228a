import Testing

@testable import Forwarding

/// Caching hints of modern results (2026-07-28, server/utilities/caching).
@Suite struct CachingTests {
    private func finished(_ rig: Rig, _ exchange: ClientExchange) -> JSONObject {
        rig.world.run { exchange.isOver }
        return exchange.response?.result ?? [:]
    }

    @Test("A list says how long it is fresh yet, and is asked for again when it no longer is")
    func age() {
        let server = ScriptedServer("s", .modern, .http)
        let rig = Rig([server]).started()
        let first = finished(rig, rig.modern("tools/list"))["ttlMs"] as? Int ?? 0
        #expect((58_000...60_000).contains(first))
        let asked = server.count("tools/list")
        rig.world.run(milliseconds: 5_000)
        let second = finished(rig, rig.modern("tools/list"))["ttlMs"] as? Int ?? 0
        #expect((0...first - 4_900).contains(second))
        #expect(server.count("tools/list") == asked)
        rig.world.run(milliseconds: 61_000)
        _ = finished(rig, rig.modern("tools/list"))
        #expect(server.count("tools/list") > asked)
        #expect(rig.shutDown() == [])
    }

    @Test(
        "Every result that may be kept says for how long and for whom",
        arguments: ["/mcp", "/mcp/s"], [true, false])
    func everywhere(path: String, modern: Bool) {
        let rig = Rig([ScriptedServer("s", modern ? .modern : .legacy, .process)]).started()
        for method in [
            "server/discover", "tools/list", "prompts/list", "resources/list", "resources/templates/list",
            "resources/read",
        ] {
            let params: JSONObject = method == "resources/read" ? ["uri": "file:///a"] : [:]
            let result = finished(rig, rig.modern(method, params, at: path))
            #expect(result["resultType"] as? String == "complete", "\(method)")
            #expect((result["ttlMs"] as? Int).map { $0 >= 0 } == true, "\(method)")
            #expect(["public", "private"].contains(result["cacheScope"] as? String ?? ""), "\(method)")
            let info = result[path: "_meta", "io.modelcontextprotocol/serverInfo"]
            #expect(info != nil || modern && method != "server/discover", "\(method)")
        }
        #expect(rig.shutDown() == [])
    }
}
