import Wire

/// Turns a server's answer into the client's; within one era only the id changes.
package enum ResultBridge {
    package enum Outcome: Hashable, Sendable {
        /// The whole answer for the client.
        case answer([UInt8])
        /// The server asks for input that the legacy client was never asked for.
        case inputRequired
        case violation(ProtocolViolation)
    }

    /// - Parameter frame: what the scanner found in `answer`, a result or an error.
    package static func bridge(_ answer: [UInt8], _ frame: Frame, _ context: ResultContext) -> Outcome {
        switch frame.kind {
        case .result: bridgeResult(answer, frame, context)
        case .error: bridgeError(answer, frame, context)
        case .request, .notification, .batch: .violation(.notAnAnswer)
        case .invalid: .violation(.notAMessage)
        }
    }

    private static func bridgeResult(_ answer: [UInt8], _ frame: Frame, _ context: ResultContext) -> Outcome {
        guard answer[frame.result.range.lowerBound] == UInt8(ascii: "{") else {
            return .violation(.resultIsNoObject)
        }
        if context.server == .modern, let outcome = judgeType(answer, frame, context) { return outcome }
        var splice = restoringID(answer, frame, context.id)
        switch (context.server, context.client) {
        case (.legacy, .legacy), (.modern, .modern): break
        case (.modern, .legacy): removeModernMembers(answer, frame, context, &splice)
        case (.legacy, .modern): addModernMembers(answer, frame, context, &splice)
        }
        return .answer(splice.apply(to: answer))
    }

    /// Nil if the result is complete or may pass as it is.
    private static func judgeType(_ answer: [UInt8], _ frame: Frame, _ context: ResultContext) -> Outcome? {
        guard !frame.resultType.isEmpty else { return nil }
        switch JSONView(answer, frame.resultType).string {
        case "complete": return nil
        case "input_required":
            guard context.method.mayRequireInput else { return .violation(.unexpectedInputRequest) }
            return context.client == .modern ? nil : .inputRequired
        case "task":
            let isExpected =
                context.allowsTasks && context.method == .toolsCall && context.client == .modern
            return isExpected ? nil : .violation(.unknownResultType)
        case .some where context.allowsExtensionResults && context.client == .modern: return nil
        default: return .violation(.unknownResultType)
        }
    }

    /// A legacy client knows only objects as `structuredContent`; the same value stands in the content as
    /// text.
    private static func removeModernMembers(
        _ answer: [UInt8], _ frame: Frame, _ context: ResultContext, _ splice: inout Splice
    ) {
        var result = ObjectEdit(JSONView(answer, frame.result))
        result.remove { key in
            key == "resultType" || context.method.carriesCacheHints && (key == "ttlMs" || key == "cacheScope")
        }
        if context.method == .toolsCall, let content = result.value("structuredContent"),
            content.kind != .object
        {
            result.remove { $0 == "structuredContent" }
        }
        if context.method == .toolsList { ToolBridge.edit(list: result.value("tools"), into: &splice) }
        result.editMeta(into: &splice, removing: { $0 == MetaKey.serverInfo })
        result.record(into: &splice)
    }

    private static func addModernMembers(
        _ answer: [UInt8], _ frame: Frame, _ context: ResultContext, _ splice: inout Splice
    ) {
        var result = ObjectEdit(JSONView(answer, frame.result))
        if result.value("resultType") == nil { result.insert(members: completeType) }
        if context.method.carriesCacheHints {
            if result.value("ttlMs") == nil {
                result.insert("ttlMs", Array(String(context.cacheHints.ttlMilliseconds).utf8))
            }
            if result.value("cacheScope") == nil {
                result.insert("cacheScope", JSONWriter.quoted(context.cacheHints.scope.rawValue))
            }
        }
        if let serverInfo = context.serverInfo, result.value("_meta")?.member(MetaKey.serverInfo) == nil {
            result.editMeta(into: &splice, removing: { _ in false }, inserting: serverInfoKey + serverInfo)
        }
        result.record(into: &splice)
    }

    private static let completeType = Array(#""resultType":"complete""#.utf8)
    private static let serverInfoKey = Array("\"\(MetaKey.serverInfo)\":".utf8)

    /// The modern era has no code of its own for a resource that is not there.
    private static func bridgeError(_ answer: [UInt8], _ frame: Frame, _ context: ResultContext) -> Outcome {
        guard let code = frame.errorCode else { return .violation(.errorWithoutCode) }
        var splice = restoringID(answer, frame, context.id)
        if context.server == .legacy, context.client == .modern, code == ErrorCode.resourceNotFound,
            let value = JSONView(answer, frame.error)["code"]
        {
            splice.replace(value.range, with: Array(String(ErrorCode.invalidParams).utf8))
        }
        return .answer(splice.apply(to: answer))
    }

    /// An error may have no id when the server could not read the request's.
    private static func restoringID(_ answer: [UInt8], _ frame: Frame, _ id: [UInt8]) -> Splice {
        var splice = Splice()
        if frame.id.isEmpty {
            var root = ObjectEdit(JSONView(answer, frame.root))
            root.insert("id", id)
            root.record(into: &splice)
        } else {
            splice.replace(frame.id, with: id)
        }
        return splice
    }
}
