import Wire

/// Tasks on their way through the gateway: those of 2025-11-25, and those of the modern era's extension. The
/// two have nothing in common but the places in which their ids stand.
package enum TaskBridge {
    /// The extension's name among the `extensions` of capabilities.
    package static let extensionName = "io.modelcontextprotocol/tasks"

    /// The raw capabilities that a client lacks that did not declare the extension.
    package static let requiredCapabilities = Array("{\"extensions\":{\"\(extensionName)\":{}}}".utf8)

    /// Whether a modern client's request declares the extension.
    package static func isDeclared(_ message: [UInt8], _ frame: Frame) -> Bool {
        guard !frame.paramsMeta.isEmpty else { return false }
        let capabilities = JSONView(message, frame.paramsMeta).member(MetaKey.clientCapabilities)
        return capabilities?["extensions"]?.member(extensionName)?.kind == .object
    }

    /// `params.taskId` of a request or a notification, unescaped; nil if absent or no string.
    package static func taskID(_ message: [UInt8], _ frame: Frame) -> String? {
        frame.params.isEmpty ? nil : JSONView(message, frame.params)["taskId"]?.string
    }

    /// The request about another task.
    package static func request(_ message: [UInt8], _ frame: Frame, taskID: String) -> [UInt8] {
        guard !frame.params.isEmpty, let old = JSONView(message, frame.params)["taskId"] else {
            return message
        }
        var splice = Splice()
        splice.replace(old.range, with: JSONWriter.quoted(taskID))
        return splice.apply(to: message)
    }

    /// A server's message with the ids of tasks as its client knows them.
    ///
    /// They stand in the `result` or `params`: in `taskId`, in `task.taskId`, in each of `tasks`, and in the
    /// `_meta` of what belongs to a task.
    /// - Parameters:
    ///   - relationOnly: leaves all but the `_meta` alone.
    ///   - exposed: gives the client's id for a server's.
    package static func exposing(
        _ message: [UInt8], _ frame: Frame, relationOnly: Bool = false, _ exposed: (String) -> String
    ) -> [UInt8] {
        let range = frame.result.isEmpty ? frame.params : frame.result
        guard !range.isEmpty else { return message }
        var splice = Splice()
        func replace(_ value: JSONView?) {
            guard let value, let id = value.string else { return }
            splice.replace(value.range, with: JSONWriter.quoted(exposed(id)))
        }
        for (key, _, value) in JSONView(message, range).members {
            switch key {
            case "taskId" where !relationOnly: replace(value)
            case "task" where !relationOnly: replace(value["taskId"])
            case "tasks" where !relationOnly: for task in value.elements { replace(task["taskId"]) }
            case "_meta": replace(value.member(MetaKey.relatedTask)?["taskId"])
            default: continue
            }
        }
        return splice.isEmpty ? message : splice.apply(to: message)
    }

    /// Whether a message says in its `_meta` that it belongs to a task.
    package static func isRelated(_ message: [UInt8], _ frame: Frame) -> Bool {
        !frame.paramsMeta.isEmpty && JSONView(message, frame.paramsMeta).member(MetaKey.relatedTask) != nil
    }
}
