import Routing
import Testing

@testable import Forwarding

@Suite struct FederationTests {
    @Test("Lists hold the items of all servers under prefixed names, in the configuration's order")
    func lists() {
        let rig = Rig([
            ScriptedServer("git", .legacy, .process), ScriptedServer("time", .modern, .http),
        ]).started()
        let exchange = rig.modern("tools/list")
        rig.world.run { exchange.isOver }
        let names = exchange.response?.names("tools") ?? []
        #expect(names.first == "git__echo")
        #expect(names.count == 12)
        #expect(names.last == "time__crash")
        #expect(rig.shutDown() == [])
    }

    @Test("A call goes to the server that its name's prefix says, under the server's own name")
    func route() {
        let rig = Rig([
            ScriptedServer("a", .modern, .process), ScriptedServer("b", .modern, .http),
        ]).started()
        for name in ["a", "b"] {
            let exchange = rig.modernCall("\(name)__echo", ["text": "hello"])
            rig.world.run { exchange.isOver }
            #expect(exchange.response?.text == "\(name): hello")
            #expect(exchange.callID?.count == 16)
        }
        #expect(rig.shutDown() == [])
    }

    @Test("Two clients' call ids differ, and each answer carries its request's own id in its own type")
    func ids() {
        let rig = Rig([ScriptedServer("a", .modern, .http)]).started()
        let first = rig.modern("tools/call", ["name": "a__echo", "arguments": [:] as JSONObject], id: "7")
        let second = rig.modern(
            "tools/call", ["name": "a__echo", "arguments": [:] as JSONObject], id: 7, loop: 1)
        rig.world.run { first.isOver && second.isOver }
        #expect(first.response?["id"] as? String == "7")
        #expect(second.response?["id"] as? Int == 7)
        #expect(first.callID != second.callID)
    }

    @Test("An unknown tool is -32602, with HTTP 400 in the modern era and 200 in the legacy ones")
    func unknownTool() {
        let rig = Rig([ScriptedServer("a", .modern, .process)]).started()
        let modern = rig.modernCall("a__nothing")
        let legacy = rig.session().call("nowhere__tool")
        rig.world.run { modern.isOver && legacy.isOver }
        #expect(modern.response?.errorCode == -32602)
        #expect(modern.status == 400)
        #expect(legacy.response?.errorCode == -32602)
        #expect(legacy.status == 200)
    }

    @Test("A method that no revision knows is 404 with -32601 in the modern era, and 200 in the legacy ones")
    func unknownMethod() {
        let rig = Rig([ScriptedServer("a", .modern, .process)]).started()
        let modern = rig.modern("tools/invent")
        let legacy = rig.session().post("tools/invent")
        rig.world.run { modern.isOver && legacy.isOver }
        #expect(modern.status == 404)
        #expect(modern.response?.errorCode == -32601)
        #expect(modern.callID != nil)
        #expect(legacy.status == 200)
        #expect(legacy.response?.errorCode == -32601)
    }

    @Test("A resource keeps its URI, and a second server's resource of the same URI is read under another")
    func resources() {
        let rig = Rig([
            ScriptedServer("a", .legacy, .process), ScriptedServer("b", .modern, .http),
        ]).started()
        let list = rig.modern("resources/list")
        rig.world.run { list.isOver }
        let uris = list.response?.names("resources", "uri") ?? []
        #expect(uris.count == 2)
        #expect(uris.first == "file:///a")
        for (uri, server) in zip(uris, ["a", "b"]) {
            let read = rig.modern("resources/read", ["uri": uri])
            rig.world.run { read.isOver }
            let content = (read.response?.result?["contents"] as? [JSONObject])?.first
            #expect(content?["text"] as? String == "from \(server)")
            #expect(content?["uri"] as? String == uri)
        }
    }

    @Test("Prompts and completions go by their prefix; the server sees its own name")
    func prompts() {
        let rig = Rig([ScriptedServer("a", .legacy, .http)]).started()
        let get = rig.modern("prompts/get", ["name": "a__greet"])
        let complete = rig.session().post(
            "completion/complete",
            [
                "ref": ["type": "ref/prompt", "name": "a__greet"],
                "argument": ["name": "x", "value": ""],
            ])
        rig.world.run { get.isOver && complete.isOver }
        #expect(get.response?.result?["description"] as? String == "prompt greet")
        #expect(complete.response?[path: "result", "completion", "values"] as? [String] == ["greet"])
    }

    @Test("A profile shows its servers and tools and no others")
    func profile() {
        let profile = Profile(name: "small", servers: ["a"], tools: ["a__echo"])
        let rig = Rig(
            [ScriptedServer("a", .modern, .process), ScriptedServer("b", .modern, .process)],
            profiles: [profile]
        ).started()
        let list = rig.modern("tools/list", at: "/profiles/small/mcp")
        let good = rig.modernCall("a__echo", at: "/profiles/small/mcp")
        let bad = rig.modernCall("b__echo", at: "/profiles/small/mcp")
        let nowhere = rig.modern("tools/list", at: "/profiles/large/mcp")
        rig.world.run { [list, good, bad, nowhere].allSatisfy(\.isOver) }
        #expect(list.response?.names("tools") == ["a__echo"])
        #expect(good.response?.text == "a: ")
        #expect(bad.response?.errorCode == -32602)
        #expect(nowhere.status == 404)
    }

    @Test("A denied tool is in no list and can't be called, at the gateway's address or the server's own")
    func denied() {
        let server = ScriptedServer("a", .legacy, .process)
        server.pageSize = 100
        server.filter = ToolFilter(deny: ["crash"])
        let rig = Rig([server]).started()
        let lists = [rig.modern("tools/list"), rig.modern("tools/list", at: "/mcp/a")]
        let calls = [rig.modernCall("a__crash"), rig.modernCall("crash", at: "/mcp/a")]
        rig.world.run { (lists + calls).allSatisfy(\.isOver) }
        for list in lists {
            #expect(list.response?.names("tools").contains { $0.hasSuffix("crash") } == false)
        }
        for call in calls { #expect(call.response?.errorCode == -32602) }
        #expect(server.count("tools/call") == 0)
    }
}
