import Wire

/// Carries questions and their answers between the eras. All values are raw JSON.
package enum InputBridge {
    /// The parameters of a modern server's question as a legacy client expects them.
    /// - Parameter elicitationID: names an elicitation at a URL, which only 2025-11-25 wants named.
    package static func legacyParams(
        _ method: Method, _ params: [UInt8]?, elicitationID: String
    ) -> [UInt8]? {
        guard let params, method == .elicitationCreate else { return params }
        let view = JSONView(params, ByteRange(start: 0, end: UInt32(params.count)))
        guard view["mode"]?.string == "url", view["elicitationId"] == nil else { return params }
        var splice = Splice()
        var edit = ObjectEdit(view)
        edit.insert("elicitationId", JSONWriter.quoted(elicitationID))
        edit.record(into: &splice)
        return splice.apply(to: params)
    }

    /// A legacy client's answer as a modern server expects it; nil if there is no such thing.
    ///
    /// Only an elicitation can be given up without failing the call: the modern era has no errors in its
    /// `inputResponses`.
    package static func response(_ method: Method, _ message: [UInt8], _ frame: Frame) -> [UInt8]? {
        if frame.kind == .result {
            let result = JSONView(message, frame.result)
            return result.kind == .object ? result.rawBytes : nil
        }
        return method == .elicitationCreate ? Array(#"{"action":"cancel"}"#.utf8) : nil
    }

    /// What the client's error says, for the client's own call that fails by it.
    package static func refusal(_ method: Method, _ message: [UInt8], _ frame: Frame) -> RPCError {
        let error = frame.error.isEmpty ? nil : JSONView(message, frame.error)
        let text = error?["message"]?.string ?? "its answer is no object"
        return RPCError(
            code: frame.errorCode ?? ErrorCode.invalidParams,
            message: "The client did not answer \(method.text): \(text)")
    }

    /// A legacy client's capabilities as a modern server is told them: `tasks` means something else there.
    package static func modernCapabilities(_ capabilities: [UInt8]) -> [UInt8] {
        let view = JSONView(capabilities, ByteRange(start: 0, end: UInt32(clamping: capabilities.count)))
        guard view["tasks"] != nil else { return capabilities }
        var splice = Splice()
        var edit = ObjectEdit(view)
        edit.remove { $0 == "tasks" }
        edit.record(into: &splice)
        return splice.apply(to: capabilities)
    }

    /// A legacy server's request as an entry of a modern result's `inputRequests`.
    package static func question(_ message: [UInt8], _ frame: Frame) -> [UInt8] {
        var members = [(key: "method", value: JSONWriter.quoted(MessageText.method(message, frame)))]
        if !frame.params.isEmpty {
            var splice = Splice()
            var edit = ObjectEdit(JSONView(message, frame.params))
            edit.remove { $0 == "elicitationId" || $0 == "task" }
            edit.editMeta(into: &splice, removing: { $0 == "progressToken" })
            edit.record(into: &splice)
            let start = frame.params.range.lowerBound
            let tail = message.count - frame.params.range.upperBound
            let edited = splice.apply(to: message)
            members.append((key: "params", value: Array(edited[start..<(edited.count - tail)])))
        }
        return ObjectEdit.object(members)
    }

    /// The pages that a legacy server wants opened before it carries the call out, as entries of
    /// `inputRequests`; nil if the error names none.
    /// - Parameter error: one with the code `urlElicitationRequired` (2025-11-25, client/elicitation).
    package static func pages(_ error: JSONView) -> [(key: String, value: [UInt8])]? {
        guard let elicitations = error["data"]?["elicitations"], elicitations.kind == .array else {
            return nil
        }
        var questions: [(key: String, value: [UInt8])] = []
        for elicitation in elicitations.elements {
            guard elicitation["mode"]?.string == "url", elicitation["url"]?.kind == .string else {
                return nil
            }
            var splice = Splice()
            var edit = ObjectEdit(elicitation)
            edit.remove { $0 == "elicitationId" }
            edit.record(into: &splice)
            let tail = elicitation.bytes.count - elicitation.range.range.upperBound
            let edited = splice.apply(to: elicitation.bytes)
            let params = Array(edited[elicitation.range.range.lowerBound..<(edited.count - tail)])
            let question = [
                (key: "method", value: JSONWriter.quoted(Method.elicitationCreate.text)),
                (key: "params", value: params),
            ]
            questions.append((key: "page\(questions.count + 1)", value: ObjectEdit.object(question)))
        }
        return questions.isEmpty ? nil : questions
    }

    /// The result that asks a modern client.
    /// - Parameter state: what the client gives back; nil if the gateway needs nothing to go on.
    package static func inputRequired(
        _ questions: [(key: String, value: [UInt8])], state: String?, serverInfo: [UInt8]?
    ) -> [UInt8] {
        var members = [
            (key: "resultType", value: JSONWriter.quoted(InputRequired.type)),
            (key: "inputRequests", value: ObjectEdit.object(questions)),
        ]
        if let state { members.append((key: "requestState", value: JSONWriter.quoted(state))) }
        if let serverInfo {
            let meta = ObjectEdit.object([(key: MetaKey.serverInfo, value: serverInfo)])
            members.append((key: "_meta", value: meta))
        }
        return ObjectEdit.object(members)
    }

    /// The parameters by which a retry is known as the same request: everything but the answers and what
    /// describes the message.
    package static func identity(_ message: [UInt8], _ frame: Frame) -> [UInt8] {
        guard !frame.params.isEmpty else { return [] }
        return CanonicalJSON.bytes(
            JSONView(message, frame.params), skipping: ["_meta", "inputResponses", "requestState"])
    }

    /// A request with more members in its parameters, which replace its own of these names.
    package static func adding(
        _ members: [(key: String, value: [UInt8])], to request: [UInt8], _ limits: ScanLimits
    ) -> [UInt8] {
        guard !members.isEmpty, let frame = try? Scanner.scan(request, limits: limits) else { return request }
        var splice = Splice()
        if frame.params.isEmpty {
            var root = ObjectEdit(JSONView(request, frame.root))
            root.insert("params", ObjectEdit.object(members))
            root.record(into: &splice)
        } else {
            var params = ObjectEdit(JSONView(request, frame.params))
            params.remove { key in members.contains { $0.key == key } }
            for member in members { params.insert(member.key, member.value) }
            params.record(into: &splice)
        }
        return splice.apply(to: request)
    }
}
