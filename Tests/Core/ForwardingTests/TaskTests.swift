import Routing
import Testing

@testable import Forwarding

/// The tasks of 2025-11-25 and those of the extension `io.modelcontextprotocol/tasks`.
@Suite struct TaskTests {
    struct Place: Sendable, CustomTestStringConvertible {
        var http: Bool
        var transparent: Bool

        var testDescription: String {
            "over \(http ? "HTTP" : "a process"), \(transparent ? "its own address" : "federated")"
        }
        var path: String { transparent ? "/mcp/s" : "/mcp" }
        var tool: String { transparent ? "task" : "s__task" }

        static let all: [Place] = [true, false].flatMap { http in
            [true, false].map { Place(http: http, transparent: $0) }
        }
    }

    private func rig(_ kind: ScriptedServer.Kind, _ place: Place) -> (Rig, ScriptedServer) {
        let server = ScriptedServer("s", kind, place.http ? .http : .process)
        server.tools = ["task", "echo"]
        server.offersTasks = true
        return (Rig([server], loops: 3, seed: 11).started(), server)
    }

    private var declared: JSONObject {
        let extensions: JSONObject = ["io.modelcontextprotocol/tasks": [:] as JSONObject]
        return ["io.modelcontextprotocol/clientCapabilities": ["extensions": extensions]]
    }

    private func finished(_ rig: Rig, _ exchange: ClientExchange) -> ClientExchange {
        rig.world.run { exchange.isOver }
        return exchange
    }

    private func modernTask(_ rig: Rig, _ place: Place) -> String {
        let call = finished(
            rig,
            rig.modern(
                "tools/call", ["name": place.tool, "arguments": [:] as JSONObject], at: place.path,
                meta: declared))
        #expect(call.response?.result?["resultType"] as? String == "task")
        return call.response?.result?["taskId"] as? String ?? ""
    }

    // MARK: The extension

    @Test("A modern client's task is created, asked about, updated and cancelled", arguments: Place.all)
    func modern(_ place: Place) {
        let (rig, server) = rig(.modern, place)
        let discovered = finished(rig, rig.modern("server/discover", at: place.path))
        #expect(
            discovered.response?[
                path: "result", "capabilities", "extensions", "io.modelcontextprotocol/tasks"] != nil)
        let id = modernTask(rig, place)
        #expect((id == "s-task-1") == place.transparent)
        func ask(_ method: String, _ params: JSONObject = [:], loop: Int = 0) -> ClientExchange {
            finished(
                rig,
                rig.modern(
                    method, params.merging(["taskId": id]) { $1 }, at: place.path, loop: loop, meta: declared)
            )
        }
        let working = ask("tasks/get")
        #expect(working.response?.result?["status"] as? String == "working")
        #expect(working.response?.result?["taskId"] as? String == id)
        #expect(ask("tasks/update", ["inputResponses": [:] as JSONObject]).response?.result != nil)
        server.finish(server.tasks[0])
        let done = ask("tasks/get", loop: 2)
        #expect(done.response?.result?["taskId"] as? String == id)
        #expect(done.response?[path: "result", "result", "content"] != nil)
        #expect(ask("tasks/cancel").response?.result?["resultType"] as? String == "complete")
        #expect(server.tasks[0].status == "cancelled")
        let asked = server.messages.filter { $0.method?.hasPrefix("tasks/") == true }
        #expect(asked.allSatisfy { $0.params["taskId"] as? String == "s-task-1" })
        #expect(rig.shutDown() == [])
    }

    @Test(
        "A client that did not declare the extension gets no task, whatever the server does",
        arguments: Place.all)
    func undeclared(_ place: Place) {
        let (rig, server) = rig(.modern, place)
        let plain = finished(rig, rig.modernCall(place.tool, at: place.path))
        #expect(plain.response?.text == "no task")
        let forced = finished(rig, rig.modernCall(place.tool, ["force": 1], at: place.path))
        #expect(forced.response?.reason == "upstream_protocol_error")
        let legacy = rig.session(at: place.path)
        let other = finished(rig, legacy.call(place.tool, ["force": 1]))
        #expect(other.response?.reason == "upstream_protocol_error")
        #expect(server.tasks.count == 2)
        let id = modernTask(rig, place)
        let asked = finished(rig, rig.modern("tasks/get", ["taskId": id], at: place.path))
        #expect(asked.response?.errorCode == -32021)
        #expect(asked.status == 400)
        let heard = finished(
            rig,
            rig.modern(
                "subscriptions/listen", ["notifications": ["taskIds": [id]]], at: place.path))
        #expect(heard.response?.errorCode == -32021)
        #expect(rig.shutDown() == [])
    }

    @Test("Unknown, altered and foreign ids of tasks are -32602", arguments: [true, false])
    func foreign(http: Bool) {
        let place = Place(http: http, transparent: false)
        let (rig, server) = rig(.modern, place)
        let id = modernTask(rig, place)
        for other in ["s-task-1", "", String(id.dropLast()), id + "00", "nonsense"] {
            let asked = finished(rig, rig.modern("tasks/get", ["taskId": other], meta: declared))
            #expect(asked.response?.errorCode == -32602, "\(other)")
            #expect(asked.status == 400)
        }
        let none = finished(rig, rig.modern("tasks/get", meta: declared))
        #expect(none.response?.errorCode == -32602)
        #expect(server.count("tasks/get") == 0)
        #expect(rig.shutDown() == [])
    }

    @Test("A client that listens for its tasks hears of them under its own ids", arguments: Place.all)
    func listening(_ place: Place) {
        let (rig, server) = rig(.modern, place)
        let (first, second) = (modernTask(rig, place), modernTask(rig, place))
        let listener = rig.modern(
            "subscriptions/listen", ["notifications": ["taskIds": [second, "unknown"]]], at: place.path,
            id: "L", meta: declared)
        rig.world.run(milliseconds: 100)
        let agreed = listener.events.first?[path: "params", "notifications", "taskIds"] as? [String] ?? []
        #expect(agreed.contains(second) && !agreed.contains(first))
        for task in server.tasks { server.announce(task) }
        rig.world.run(milliseconds: 100)
        let heard = listener.events.filter { $0.method == "notifications/tasks" }
        #expect(heard.map { $0.params["taskId"] as? String } == [second])
        let tag = heard.first?[path: "params", "_meta", "io.modelcontextprotocol/subscriptionId"]
        #expect(tag as? String == "L")
        let open = server.streams.count
        rig.leave(listener)
        rig.world.run(milliseconds: 100)
        #expect(place.http ? server.streams.count == open - 1 : server.cancelled.count == 1)
        #expect(rig.shutDown() == [])
    }

    // MARK: 2025-11-25

    @Test(
        "A legacy client's task is created and asked about, and its result is waited for",
        arguments: Place.all)
    func legacy(_ place: Place) {
        let (rig, server) = rig(.legacy, place)
        let client = rig.session(at: place.path)
        #expect(
            client.greeting?[path: "result", "capabilities", "tasks", "requests", "tools", "call"] != nil)
        let call = finished(
            rig,
            client.post(
                "tools/call",
                ["name": place.tool, "arguments": [:] as JSONObject, "task": ["ttl": 60_000]]))
        let id = call.response?[path: "result", "task", "taskId"] as? String ?? ""
        #expect(!id.isEmpty)
        #expect((id == "s-task-1") == place.transparent)
        let status = finished(rig, client.post("tasks/get", ["taskId": id]))
        #expect(status.response?.result?["taskId"] as? String == id)
        let result = client.post("tasks/result", ["taskId": id])
        rig.world.run(milliseconds: 5 * 60_000)
        #expect(!result.isOver)
        if let task = server.tasks.first { server.finish(task) }
        _ = finished(rig, result)
        #expect(result.response?.text == "did s-task-1")
        #expect(
            result.response?[path: "result", "_meta", "io.modelcontextprotocol/related-task", "taskId"]
                as? String == id)
        let cancelled = finished(rig, client.post("tasks/cancel", ["taskId": id]))
        #expect(cancelled.response?.result?["taskId"] as? String == id)
        let unknown = finished(rig, client.post("tasks/get", ["taskId": "other"]))
        #expect(unknown.response?.errorCode == -32602)
        #expect(rig.shutDown() == [])
    }

    @Test("Tasks of all servers of a session are listed together, each once", arguments: [true, false])
    func list(http: Bool) {
        let servers = ["a", "b", "c"].map { ScriptedServer($0, .legacy, http ? .http : .process) }
        for server in servers {
            server.tools = ["task"]
            server.offersTasks = server.name != "c"
        }
        let rig = Rig(servers, seed: 3).started()
        let client = rig.session()
        var ids: [String] = []
        for name in ["a", "b", "a"] {
            let call = finished(
                rig,
                client.post(
                    "tools/call",
                    ["name": "\(name)__task", "arguments": [:] as JSONObject, "task": [:] as JSONObject]))
            ids.append(call.response?[path: "result", "task", "taskId"] as? String ?? "")
        }
        let list = finished(rig, client.post("tasks/list"))
        let tasks = list.response?.result?["tasks"] as? [JSONObject] ?? []
        #expect(Set(tasks.compactMap { $0["taskId"] as? String }) == Set(ids))
        #expect(tasks.count == 3)
        #expect(list.response?.result?["nextCursor"] == nil)
        #expect(finished(rig, client.post("tasks/list", ["cursor": "x"])).response?.errorCode == -32602)
        #expect(rig.shutDown() == [])
    }

    @Test("A server that all clients share lists to each client its own tasks only")
    func sharedList() {
        let server = ScriptedServer("s", .legacy, .process)
        server.tools = ["task"]
        server.isShared = true
        server.offersTasks = true
        server.tasks = [ScriptedTask(id: "another's", token: nil)]
        let rig = Rig([server]).started()
        let client = rig.session()
        let call = finished(
            rig,
            client.post(
                "tools/call", ["name": "s__task", "arguments": [:] as JSONObject, "task": [:] as JSONObject]))
        let id = call.response?[path: "result", "task", "taskId"] as? String
        let list = finished(rig, client.post("tasks/list"))
        let tasks = list.response?.result?["tasks"] as? [JSONObject] ?? []
        #expect(tasks.map { $0["taskId"] as? String } == [id])
        #expect(rig.shutDown() == [])
    }

    @Test("Progress and the state of a task go on after its call was answered", arguments: Place.all)
    func afterwards(_ place: Place) {
        let (rig, server) = rig(.legacy, place)
        let client = rig.session(at: place.path)
        let stream = client.stream(loop: 1)
        rig.world.run(milliseconds: 50)
        let call = finished(
            rig,
            client.post(
                "tools/call",
                [
                    "name": place.tool, "arguments": [:] as JSONObject, "task": [:] as JSONObject,
                    "_meta": ["progressToken": "mine"],
                ]))
        rig.world.run(milliseconds: 100)
        let id = call.response?[path: "result", "task", "taskId"] as? String
        if let task = server.tasks.first {
            server.progress(task, 1)
            server.announce(task)
        }
        rig.world.run(milliseconds: 100)
        let progress = stream.events.filter { $0.method == "notifications/progress" }
        #expect(progress.map { $0.params["progressToken"] as? String } == ["mine"])
        let states = stream.events.filter { $0.method == "notifications/tasks/status" }
        #expect(states.map { $0.params["taskId"] as? String } == [id])
        #expect(rig.shutDown() == [])
    }

    @Test("The tasks of one era are unknown to clients of the other", arguments: Place.all)
    func eras(_ place: Place) {
        let (old, oldServer) = rig(.legacy, place)
        let discovered = finished(old, old.modern("server/discover", at: place.path))
        #expect(discovered.response?[path: "result", "capabilities", "tasks"] == nil)
        #expect(discovered.response?[path: "result", "capabilities", "extensions"] == nil)
        let asked = finished(
            old, old.modern("tasks/get", ["taskId": "s-task-1"], at: place.path, meta: declared))
        #expect(asked.response?.errorCode == -32601)
        #expect(asked.status == 404)
        let call = finished(
            old,
            old.modern(
                "tools/call",
                ["name": place.tool, "arguments": [:] as JSONObject, "task": [:] as JSONObject],
                at: place.path, meta: declared))
        #expect(call.response?.text == "no task")
        #expect(oldServer.count("tasks/get") == 0)
        #expect(old.shutDown() == [])
        let (new, newServer) = rig(.modern, place)
        let client = new.session(at: place.path)
        #expect(client.greeting?[path: "result", "capabilities", "tasks"] == nil)
        #expect(client.greeting?[path: "result", "capabilities", "extensions"] == nil)
        let id = modernTask(new, place)
        for method in ["tasks/get", "tasks/result", "tasks/cancel", "tasks/list"] {
            let asked = finished(new, client.post(method, ["taskId": id]))
            #expect(asked.response?.errorCode == -32601, "\(method)")
        }
        #expect(newServer.count("tasks/get") == 0)
        #expect(new.shutDown() == [])
    }
}
