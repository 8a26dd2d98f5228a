import Testing

@testable import Forwarding

/// Whose tasks are whose at servers that take several principals for one, and at those that do not.
@Suite struct TaskAccessTests {
    /// A server that serves everyone on one link.
    struct Kind: Sendable, CustomTestStringConvertible {
        var modern: Bool
        var http: Bool

        var testDescription: String { "\(modern ? "modern" : "legacy"), \(http ? "HTTP" : "a process")" }

        static let all = [true, false].flatMap { modern in
            [true, false].map { Kind(modern: modern, http: $0) }
        }

        func server() -> ScriptedServer {
            let server = ScriptedServer("s", modern ? .modern : .legacy, http ? .http : .process)
            server.tools = ["task", "echo"]
            server.offersTasks = true
            server.isShared = true
            server.keepsSessions = !http
            return server
        }
    }

    /// One principal's client of the server's era.
    private struct Client {
        let rig: Rig
        let key: String
        let path: String
        /// nil for a modern client.
        let session: LegacyClient?

        init(_ rig: Rig, _ key: String, _ kind: Kind, at path: String) {
            self.rig = rig
            self.key = key
            self.path = path
            session = kind.modern ? nil : rig.session(at: path, key: key)
        }

        func ask(_ method: String, _ params: JSONObject = [:]) -> JSONObject? {
            let exchange =
                session.map { $0.post(method, params) }
                ?? rig.modern(method, params, at: path, meta: TaskAccessTests.declared, key: key)
            rig.world.run { exchange.isOver }
            return exchange.response
        }

        func create(_ tool: String) -> String {
            let call: JSONObject = ["name": tool, "arguments": [:] as JSONObject]
            guard session != nil else { return ask("tools/call", call)?.result?["taskId"] as? String ?? "" }
            let answer = ask("tools/call", call.merging(["task": [:] as JSONObject]) { $1 })
            return answer?[path: "result", "task", "taskId"] as? String ?? ""
        }

        func list() -> [String] {
            let tasks = ask("tasks/list")?.result?["tasks"] as? [JSONObject] ?? []
            return tasks.compactMap { $0["taskId"] as? String }
        }

        /// The tasks that the client was granted to listen for, of those it asked for.
        func listen(_ ids: [String]) -> (ClientExchange, granted: [String]) {
            let exchange = rig.modern(
                "subscriptions/listen", ["notifications": ["taskIds": ids]], at: path,
                meta: TaskAccessTests.declared, key: key)
            rig.world.run(milliseconds: 200)
            let granted = exchange.events.first?[path: "params", "notifications", "taskIds"] as? [String]
            return (exchange, granted ?? [])
        }
    }

    private static var declared: JSONObject {
        let extensions: JSONObject = ["io.modelcontextprotocol/tasks": [:] as JSONObject]
        return ["io.modelcontextprotocol/clientCapabilities": ["extensions": extensions]]
    }

    @Test(
        "Where a server serves all principals, each knows its own tasks alone, at the server's address too",
        arguments: Kind.all, ["/mcp/s", "/mcp"])
    func principals(_ kind: Kind, _ path: String) {
        let server = kind.server()
        let rig = Rig([server], access: AccessPlan(authenticator: NamedKeys())).started()
        let tool = path == "/mcp" ? "s__task" : "task"
        let ada = Client(rig, "ada", kind, at: path)
        let bob = Client(rig, "bob", kind, at: path)
        let (first, second) = (ada.create(tool), bob.create(tool))
        #expect(![first, second].contains("s-task-1") && !first.isEmpty && first != second)
        for id in ["s-task-1", first] {
            for method in ["tasks/get", "tasks/cancel"] {
                #expect(bob.ask(method, ["taskId": id])?.errorCode == -32602, "\(method) \(id)")
            }
            if kind.modern {
                #expect(bob.ask("tasks/update", ["taskId": id])?.errorCode == -32602)
            } else {
                #expect(bob.ask("tasks/result", ["taskId": id])?.errorCode == -32602)
            }
        }
        #expect(server.methods.allSatisfy { !$0.hasPrefix("tasks/") })
        #expect(ada.ask("tasks/get", ["taskId": first])?.result?["taskId"] as? String == first)
        #expect(server.messages.last?.params["taskId"] as? String == "s-task-1")
        if kind.modern {
            let (own, granted) = ada.listen([first])
            #expect(granted == [first])
            #expect(bob.listen([first, "s-task-1"]).granted == [])
            server.announce(server.tasks[0])
            rig.world.run(milliseconds: 200)
            #expect(own.events.last?.params["taskId"] as? String == first)
        } else {
            #expect(ada.list() == [first])
            #expect(bob.list() == [second])
        }
        #expect(rig.shutDown() == [])
    }

    @Test("A request about a task waits for a server that starts, and is refused if it does not come up")
    func starting() {
        let server = Kind(modern: true, http: true).server()
        server.isUp = false
        let rig = Rig([server], access: AccessPlan(authenticator: NamedKeys())).started()
        let asked = rig.modern(
            "tasks/get", ["taskId": "s-task-1"], at: "/mcp/s", meta: Self.declared, key: "ada")
        rig.world.run { asked.isOver }
        #expect(asked.response?.reason == "upstream_unavailable")
        server.isUp = true
        rig.world.run(milliseconds: 5_000)
        #expect(Client(rig, "ada", Kind(modern: true, http: true), at: "/mcp/s").create("task") != "")
        #expect(server.count("tasks/get") == 0)
        #expect(rig.shutDown() == [])
    }

    @Test(
        "Tasks that a principal's own credentials made are listed and listened for with these",
        arguments: Kind.all, ["/mcp/s", "/mcp"])
    func variants(_ kind: Kind, _ path: String) {
        let (common, own) = (kind.server(), kind.server())
        common.offersTasks = false
        let rig = Rig([common], access: AccessPlan(authenticator: NamedKeys())).started()
        rig.variants = [(common, "ada", own)]
        rig.apply([common])
        rig.world.run(milliseconds: 1_000)
        let ada = Client(rig, "ada", kind, at: path)
        let id = ada.create(path == "/mcp" ? "s__task" : "task")
        #expect((id == "s-task-1") == (path == "/mcp/s"))
        #expect(ada.ask("tasks/get", ["taskId": id])?.result?["taskId"] as? String == id)
        if kind.modern {
            let (stream, granted) = ada.listen([id])
            #expect(granted == [id])
            own.announce(own.tasks[0])
            rig.world.run(milliseconds: 200)
            #expect(stream.events.last?.params["taskId"] as? String == id)
        } else {
            #expect(ada.list() == [id])
        }
        #expect(common.methods.allSatisfy { !$0.hasPrefix("tasks/") })
        #expect(rig.shutDown() == [])
    }
}
