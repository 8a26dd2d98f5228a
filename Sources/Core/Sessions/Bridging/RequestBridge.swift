import Wire

/// Turns a client's request into the one for a server; what the edit does not name passes byte for byte.
package enum RequestBridge {
    /// - Parameters:
    ///   - frame: what the scanner found in `message`, which is a request.
    ///   - method: the request's method.
    /// - Complexity: one pass over the message; crossing the eras also reads the members of `params` and
    ///   `_meta`.
    package static func rewrite(
        _ message: [UInt8], _ frame: Frame, method: Method, _ edit: RequestEdit
    ) -> [UInt8] {
        var splice = Splice()
        if !frame.id.isEmpty { splice.replace(frame.id, with: edit.id) }
        if let token = edit.progressToken, !frame.progressToken.isEmpty {
            splice.replace(frame.progressToken, with: token)
        }
        if let parent = edit.traceparent, !frame.traceparent.isEmpty {
            splice.replace(frame.traceparent, with: parent)
        }
        if let cursor = edit.cursor, !frame.paramsCursor.isEmpty {
            splice.replace(frame.paramsCursor, with: cursor)
        }
        if method == .completionComplete {
            rewriteReference(message, frame, edit, &splice)
        } else {
            if let name = edit.name, !frame.paramsName.isEmpty {
                splice.replace(frame.paramsName, with: name)
            }
            if let uri = edit.uri, !frame.paramsURI.isEmpty { splice.replace(frame.paramsURI, with: uri) }
        }
        switch edit.crossing {
        case .none: break
        case .toModern(let meta): addMeta(message, frame, meta, &splice)
        case .toLegacy: removeMeta(message, frame, &splice)
        }
        return splice.apply(to: message)
    }

    private static func rewriteReference(
        _ message: [UInt8], _ frame: Frame, _ edit: RequestEdit, _ splice: inout Splice
    ) {
        switch CompletionReference(message, frame) {
        case .prompt(_, let range): if let name = edit.name { splice.replace(range, with: name) }
        case .resource(_, let range): if let uri = edit.uri { splice.replace(range, with: uri) }
        case nil: break
        }
    }

    /// Parameters that are no object stay as they are: the server will refuse them.
    private static func addMeta(
        _ message: [UInt8], _ frame: Frame, _ meta: ModernMeta, _ splice: inout Splice
    ) {
        guard !frame.params.isEmpty else {
            var root = ObjectEdit(JSONView(message, frame.root))
            root.insert("params", ObjectEdit.object([(key: "_meta", value: meta.object)]))
            root.record(into: &splice)
            return
        }
        guard isObject(message, frame.params) else { return }
        if isObject(message, frame.paramsMeta) {
            var edit = ObjectEdit(JSONView(message, frame.paramsMeta))
            edit.remove(where: ModernMeta.replaces)
            edit.insert(members: meta.members)
            edit.record(into: &splice)
            return
        }
        var params = ObjectEdit(JSONView(message, frame.params))
        params.editMeta(into: &splice, removing: { _ in false }, inserting: meta.members)
        params.record(into: &splice)
    }

    private static func isObject(_ message: [UInt8], _ range: ByteRange) -> Bool {
        !range.isEmpty && message[Int(range.start)] == UInt8(ascii: "{")
    }

    private static func removeMeta(_ message: [UInt8], _ frame: Frame, _ splice: inout Splice) {
        guard !frame.paramsMeta.isEmpty || !frame.paramsTask.isEmpty else { return }
        var params = ObjectEdit(JSONView(message, frame.params))
        // In the modern era it asks for nothing; a legacy server would make a task that nobody can ask about.
        if !frame.paramsTask.isEmpty { params.remove { $0 == "task" } }
        params.editMeta(into: &splice, removing: { $0.hasPrefix(MetaKey.prefix) })
        params.remove { $0 == "inputResponses" || $0 == "requestState" }
        params.record(into: &splice)
    }
}
