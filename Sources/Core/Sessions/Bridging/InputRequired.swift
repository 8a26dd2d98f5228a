import Wire

/// A modern server's result that asks for input (2026-07-28, server/utilities/mrtr).
package struct InputRequired: Sendable {
    /// One entry of `inputRequests`.
    package struct Request: Sendable {
        package let key: String
        package let method: Method
        package let name: String
        /// The raw JSON object; nil without any.
        package let params: [UInt8]?

        /// What the client must have declared; nil for a method that no client answers.
        package var needs: ClientCapabilities? {
            InputDemand.capabilities(
                method, params: params.map { JSONView($0, ByteRange(start: 0, end: UInt32($0.count))) })
        }
    }

    package let requests: [Request]
    /// The raw JSON string.
    package let state: [UInt8]?

    /// Reads a result whose `resultType` is `input_required`; nil if it has neither requests nor state, or
    /// one of a wrong type.
    package init?(_ result: JSONView) {
        var requests: [Request] = []
        if let asked = result["inputRequests"] {
            guard asked.kind == .object else { return nil }
            for (key, _, value) in asked.members {
                guard let name = value["method"]?.string else { return nil }
                let params = value["params"]
                if let params, params.kind != .object { return nil }
                requests.append(
                    Request(key: key, method: Method(name), name: name, params: params?.rawBytes))
            }
        }
        let state = result["requestState"]
        if let state, state.kind != .string { return nil }
        guard !requests.isEmpty || state != nil else { return nil }
        self.requests = requests
        self.state = state?.rawBytes
    }

    /// What of all that the requests need is not declared.
    package func missing(from declared: ClientCapabilities) -> ClientCapabilities {
        requests.reduce(into: ClientCapabilities()) { $0.formUnion($1.needs ?? []) }.subtracting(declared)
    }

    /// Whether `frame` is a result of this kind, by the length of its `resultType` first.
    package static func isResult(_ message: [UInt8], _ frame: Frame) -> Bool {
        frame.resultType.count == typeBytes && JSONView(message, frame.resultType).string == type
    }

    package static let type = "input_required"
    private static let typeBytes = type.utf8.count + 2

    /// The members that a retry adds to the request's parameters, without braces.
    /// - Parameters:
    ///   - responses: the raw results by key, in the order of the requests.
    ///   - state: the raw string that the server gave.
    package static func retry(
        responses: [(key: String, value: [UInt8])], state: [UInt8]?
    ) -> [(key: String, value: [UInt8])] {
        var members: [(key: String, value: [UInt8])] = []
        if !responses.isEmpty { members.append((key: "inputResponses", value: ObjectEdit.object(responses))) }
        if let state { members.append((key: "requestState", value: state)) }
        return members
    }

    /// What a client is told that did not declare what the request needs.
    package static func refusal(_ missing: ClientCapabilities) -> RPCError {
        RPCError(
            code: ErrorCode.missingClientCapability,
            message: "The server needs input that this client did not declare to give",
            data: missing.asRequired)
    }
}
