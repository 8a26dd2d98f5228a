extension CallRecord.Outcome {
    /// The name in metrics, JSON and log lines; the gateway's own errors bear the reasons that clients see.
    package var label: String {
        switch self {
        case .ok: "ok"
        case .toolError: "tool_error"
        case .rpcError: "rpc_error"
        case .timeout: "upstream_timeout"
        case .unavailable: "upstream_unavailable"
        case .circuitOpen: "circuit_open"
        case .overloaded: "overloaded"
        case .tooLarge: "message_too_large"
        case .protocolError: "upstream_protocol_error"
        case .draining: "draining"
        case .cancelled: "cancelled"
        case .refused: "refused"
        }
    }

    package init?(label: String) {
        guard let outcome = Self.allCases.first(where: { $0.label == label }) else { return nil }
        self = outcome
    }

    /// Whether the call counts as an error: everything but a good result and a client that gave up.
    package var isError: Bool { self != .ok && self != .cancelled }
}
