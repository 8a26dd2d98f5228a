/// A task of a scripted server.
final class ScriptedTask {
    let id: String
    var status = "working"
    /// The progress token of the call that became it.
    let token: Any?
    /// Requests for its result.
    var waiting: [(JSONObject) -> Void] = []

    init(id: String, token: Any?) {
        self.id = id
        self.token = token
    }
}

/// The tasks of 2025-11-25 or of the modern era's extension, whichever era the server speaks.
extension ScriptedServer {
    private static let name = "io.modelcontextprotocol/tasks"
    private static let related = "io.modelcontextprotocol/related-task"

    var taskCapabilities: JSONObject {
        let none: JSONObject = [:]
        guard kind == .legacy else { return ["extensions": [Self.name: none]] }
        return ["tasks": ["list": none, "cancel": none, "requests": ["tools": ["call": none]]]]
    }

    private func isDeclared(_ message: JSONObject) -> Bool {
        message[
            path: "params", "_meta", "io.modelcontextprotocol/clientCapabilities", "extensions", Self.name]
            != nil
    }

    func createTask(_ message: JSONObject, _ answer: (JSONObject) -> Void) {
        let wants = kind == .legacy ? message.params["task"] != nil : isDeclared(message)
        let isForced = (message.params["arguments"] as? JSONObject)?["force"] != nil
        guard wants || isForced else { return answer(text("no task")) }
        let task = ScriptedTask(
            id: "\(name)-task-\(tasks.count + 1)", token: message[path: "params", "_meta", "progressToken"])
        tasks.append(task)
        if kind == .legacy { return answer(["result": ["task": described(task)]]) }
        answer(["result": described(task).merging(["resultType": "task"]) { $1 }])
    }

    private func described(_ task: ScriptedTask) -> JSONObject {
        var object: JSONObject = [
            "taskId": task.id, "status": task.status, "createdAt": "2026-01-01T00:00:00Z",
            "lastUpdatedAt": "2026-01-01T00:00:00Z",
        ]
        object[kind == .legacy ? "ttl" : "ttlMs"] = 60_000
        if kind == .modern, task.status == "completed" { object["result"] = outcome(task) }
        return object
    }

    private func outcome(_ task: ScriptedTask) -> JSONObject {
        ["content": [["type": "text", "text": "did \(task.id)"]]]
    }

    private func find(_ message: JSONObject) -> ScriptedTask? {
        tasks.first { $0.id == message.params["taskId"] as? String }
    }

    func taskAnswer(_ message: JSONObject, _ method: String) -> JSONObject {
        if kind == .modern, !isDeclared(message) { return ["error": ["code": -32021, "message": "declare"]] }
        if method == "tasks/list" {
            let index = (message.params["cursor"] as? String).flatMap(Int.init) ?? 0
            let page = tasks.indices.contains(index) ? [described(tasks[index])] : []
            var result: JSONObject = ["tasks": page]
            if index + 1 < tasks.count { result["nextCursor"] = "\(index + 1)" }
            return ["result": result]
        }
        guard let task = find(message) else { return ["error": ["code": -32602, "message": "no task"]] }
        switch method {
        case "tasks/get": return complete(described(task))
        case "tasks/update" where kind == .modern: return complete([:])
        case "tasks/cancel":
            task.status = "cancelled"
            return complete(kind == .legacy ? described(task) : [:])
        default: return ["error": ["code": -32601, "message": "Method not found: \(method)"]]
        }
    }

    func awaitTask(_ message: JSONObject, _ answer: @escaping (JSONObject) -> Void) {
        guard kind == .legacy, let task = find(message) else {
            return answer(["error": ["code": -32602, "message": "no task"]])
        }
        task.waiting.append(answer)
        if task.status != "working" { release(task) }
    }

    private func release(_ task: ScriptedTask) {
        let waiting = task.waiting
        task.waiting = []
        let result = outcome(task).merging(["_meta": [Self.related: ["taskId": task.id]]]) { $1 }
        for answer in waiting { answer(["result": result]) }
    }

    func finish(_ task: ScriptedTask) {
        task.status = "completed"
        release(task)
    }

    /// Says how a task is, to whoever listens.
    func announce(_ task: ScriptedTask) {
        if kind == .legacy {
            let message = Self.notification("notifications/tasks/status", described(task))
            for peer in peers { peer.unasked?(message) }
            return
        }
        for listen in messages where listen.method == "subscriptions/listen" {
            let asked = listen[path: "params", "notifications", "taskIds"] as? [String] ?? []
            guard asked.contains(task.id), let id = listen["id"] else { continue }
            let tag: JSONObject = ["io.modelcontextprotocol/subscriptionId": id]
            let message = Self.notification(
                "notifications/tasks", described(task).merging(["_meta": tag]) { $1 })
            for process in liveProcesses { process.say(message) }
            for (exchange, stream) in streams.values where stream as? Int == id as? Int {
                exchange.event(message)
            }
        }
    }

    func progress(_ task: ScriptedTask, _ step: Int) {
        guard let token = task.token else { return }
        for peer in peers { peer.unasked?(Self.progress(token, step)) }
    }

    private var peers: [Peer] { liveProcesses.map(\.peer) + Array(sessions.values) }
}
