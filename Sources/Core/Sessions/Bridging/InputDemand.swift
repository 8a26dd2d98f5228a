import Wire

/// What a server's request needs of the client that it is made of.
package enum InputDemand {
    /// The capabilities that a client must have declared; nil for a method that no client answers.
    /// - Parameter params: the request's `params`; nil without any.
    package static func capabilities(_ method: Method, params: JSONView?) -> ClientCapabilities? {
        switch method {
        case .samplingCreateMessage:
            let usesTools = params?["tools"] != nil || params?["toolChoice"] != nil
            return usesTools ? [.sampling, .samplingTools] : .sampling
        case .elicitationCreate: return params?["mode"]?.string == "url" ? .elicitationURL : .elicitationForm
        case .rootsList: return .roots
        case .tasksGet, .tasksResult, .tasksCancel, .tasksList: return .tasks
        default: return nil
        }
    }

    /// What the client lacks for a legacy server's request, as the error that the server is told; nil if it
    /// may be asked.
    ///
    /// A capability that is missing as a whole is an unknown method (client/roots, client/sampling), a mode
    /// or part of one an invalid parameter (2025-11-25, client/elicitation).
    /// - Parameter passesUnknown: whether methods that no revision defines go on to the client.
    package static func refusal(
        _ method: Method, named name: String, params: JSONView?, declared: ClientCapabilities,
        passesUnknown: Bool
    ) -> RPCError? {
        if method == .other, passesUnknown { return nil }
        guard let needed = capabilities(method, params: params) else {
            return RPCError(code: ErrorCode.methodNotFound, message: "Method not found: \(name.prefix(64))")
        }
        let missing = needed.subtracting(declared)
        if missing.isEmpty { return nil }
        let isPartial =
            missing == .samplingTools
            || needed.isSubset(of: [.elicitationForm, .elicitationURL])
                && !declared.isDisjoint(with: [.elicitationForm, .elicitationURL])
        return RPCError(
            code: isPartial ? ErrorCode.invalidParams : ErrorCode.methodNotFound,
            message: "\(name): the client did not declare what this needs", data: missing.asRequired)
    }
}

extension ClientCapabilities {
    /// The raw `data` of an error that says which capabilities are missing.
    package var asRequired: [UInt8] {
        Array(#"{"requiredCapabilities":"#.utf8) + raw + [UInt8(ascii: "}")]
    }
}
