import Sessions
import Testing

@testable import Forwarding

/// Header fields that repeat the body (2026-07-28, basic/transports).
@Suite struct HeaderTests {
    private let schema: JSONObject = [
        "type": "object",
        "properties": [
            "region": ["type": "string", "x-mcp-header": "Region"],
            "shard": ["type": "integer", "x-mcp-header": "Shard"],
            "dry": ["type": "boolean", "x-mcp-header": "Dry-Run"],
        ],
    ]

    private func server(_ kind: ScriptedServer.Kind, _ transport: ServerPlan.Transport) -> ScriptedServer {
        let server = ScriptedServer("s", kind, transport)
        server.schemas = ["echo": schema]
        return server
    }

    private func call(
        _ rig: Rig, _ arguments: JSONObject, _ fields: [(name: String, value: String)], at path: String
    ) -> ClientExchange {
        let exchange = rig.modern(
            "tools/call", ["name": path == "/mcp" ? "s__echo" : "echo", "arguments": arguments], at: path,
            fields: fields)
        rig.world.run { exchange.isOver }
        return exchange
    }

    @Test(
        "A call's Mcp-Param fields must agree with its arguments, whatever the server speaks",
        arguments: ["/mcp", "/mcp/s"], [true, false])
    func agreement(path: String, modern: Bool) {
        let rig = Rig([server(modern ? .modern : .legacy, modern ? .http : .process)]).started()
        let good: [(JSONObject, [(name: String, value: String)])] = [
            (["region": "eu"], [(name: "REGION", value: "eu")]),
            (["region": "ä"], [(name: "Region", value: "=?base64?w6Q=?=")]),
            (
                ["shard": 42, "dry": true],
                [(name: "Shard", value: "42.0"), (name: "dry-run", value: "true")]
            ),
            ([:], [(name: "Unknown", value: "x")]),
        ]
        for (arguments, fields) in good {
            let exchange = call(rig, arguments, fields, at: path)
            #expect(exchange.response?.text == "s: ", "\(arguments) \(fields)")
        }
        let bad: [(JSONObject, [(name: String, value: String)])] = [
            (["region": "eu"], []), ([:], [(name: "Region", value: "eu")]),
            (["region": "eu"], [(name: "Region", value: "EU")]),
            (["region": "ä"], [(name: "Region", value: "ä")]),
            (["region": "eu"], [(name: "Region", value: "=?base64?ZXU?=")]),
            (["dry": true], [(name: "Dry-Run", value: "1")]),
        ]
        for (arguments, fields) in bad {
            let exchange = call(rig, arguments, fields, at: path)
            #expect(exchange.status == 400, "\(arguments) \(fields)")
            #expect(exchange.response?.errorCode == -32020)
            #expect(exchange.response?["id"] as? Int != nil)
        }
        #expect(rig.shutDown() == [])
    }

    @Test("Calls to a modern server over HTTP carry its fields, made for clients that send none")
    func constructed() {
        let server = server(.modern, .http)
        let rig = Rig([server]).started()
        let legacy = rig.session().call("s__echo", ["region": "wetter-ä", "shard": 7, "dry": false])
        let lines = rig.lines()
        rig.write(
            Rig.modernMessage("tools/call", ["name": "s__echo", "arguments": ["shard": -1]], id: 1),
            to: lines)
        rig.world.run { legacy.isOver && lines.response(1) != nil }
        let calls = server.fields.filter { $0.mcpMethod == "tools/call" }
        let parameters = Set(calls.map { $0.mcpParameters.map { "\($0.name)=\($0.value)" }.sorted() })
        #expect(
            parameters == [["Dry-Run=false", "Region==?base64?d2V0dGVyLcOk?=", "Shard=7"], ["Shard=-1"]])
        #expect(calls.allSatisfy { $0.mcpName == "echo" && $0.protocolVersion == "2026-07-28" })
        #expect(rig.shutDown() == [])
    }

    @Test("Fields that the gateway does not know go on to a server over HTTP", arguments: ["/mcp", "/mcp/s"])
    func unknown(path: String) {
        let server = server(.modern, .http)
        let rig = Rig([server]).started()
        _ = call(
            rig, ["region": "eu"], [(name: "X-Other", value: "o"), (name: "region", value: "eu")], at: path)
        let sent = server.fields.last { $0.mcpMethod == "tools/call" }?.mcpParameters ?? []
        #expect(Set(sent.map { "\($0.name)=\($0.value)" }) == ["Region=eu", "X-Other=o"])
    }

    @Test("The modern era has no GET and no DELETE", arguments: [HTTPRequest.Verb.get, .delete])
    func verbs(verb: HTTPRequest.Verb) {
        let rig = Rig([server(.modern, .http)]).started()
        var headers = HTTPRequest.Headers()
        headers.protocolVersion = "2026-07-28"
        headers.sessionID = "anything"
        headers.accept = "text/event-stream"
        for path in ["/mcp", "/mcp/s"] {
            let exchange = rig.send(verb, path, headers: headers)
            rig.world.run { exchange.isOver }
            #expect(exchange.status == 405)
        }
    }

    @Test("A call refused for its fields is sent again once, with those that the server's new list asks for")
    func relisted() {
        let server = server(.modern, .http)
        server.schemas = [:]
        let rig = Rig([server]).started()
        server.schemas = ["echo": schema]
        server.mismatches = 1
        let once = rig.session().call("s__echo", ["region": "eu"])
        rig.world.run { once.isOver }
        #expect(once.response?.text == "s: ")
        let calls = server.fields.filter { $0.mcpMethod == "tools/call" }
        #expect(calls.map { $0.mcpParameters.map(\.value) } == [[], ["eu"]])
        server.mismatches = 2
        let twice = rig.modern(
            "tools/call", ["name": "s__echo", "arguments": [:] as JSONObject], id: "x")
        rig.world.run { twice.isOver }
        #expect(twice.response?.errorCode == -32020)
        #expect(twice.response?["id"] as? String == "x")
        #expect(twice.status == 400)
        #expect(server.mismatches == 0)
        #expect(rig.shutDown() == [])
    }

    @Test("A tool whose annotations break the rules is not shown where its server is reached by HTTP")
    func invalid() {
        for (transport, names) in [(ServerPlan.Transport.http, ["hold"]), (.process, ["echo", "hold"])] {
            let server = server(.modern, transport)
            server.tools = ["echo", "hold"]
            server.schemas = ["echo": ["properties": ["a": ["type": "number", "x-mcp-header": "A"]]]]
            let rig = Rig([server]).started()
            let own = rig.modern("tools/list", at: "/mcp/s")
            let federated = rig.modern("tools/list")
            rig.world.run { own.isOver && federated.isOver }
            #expect(own.response?.names("tools") == names)
            #expect(federated.response?.names("tools") == names.map { "s__\($0)" })
        }
    }

    @Test("Schemas pass with their references, which nobody follows")
    func references() {
        let server = server(.modern, .http)
        server.tools = ["echo"]
        server.schemas = ["echo": ["$ref": "http://127.0.0.1:1/schema.json", "$defs": ["a": [:]]]]
        let rig = Rig([server]).started()
        let list = rig.modern("tools/list")
        rig.world.run { list.isOver }
        let tool = (list.response?.result?["tools"] as? [JSONObject])?.first
        #expect(tool?[path: "inputSchema", "$ref"] as? String == "http://127.0.0.1:1/schema.json")
    }
}
