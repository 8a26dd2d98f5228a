import Transports

/// Asks the gateway, or a server, over HTTP; one request a connection.
enum GatewayClient {
    /// How long an answer of the admin interface may take.
    private static let patience = Duration.seconds(15)
    /// How long `doctor` waits for a server.
    private static let probePatience = Duration.seconds(5)
    /// Beyond the gateway's own timeout of a call, so that its answer comes first.
    private static let margin = Duration.seconds(15)

    static func get(_ address: GatewayAddress, _ path: String) async throws(CommandFailure) -> GatewayAnswer {
        try await Self.answer(address.base) { () async throws(HTTPFetch.Failure) in
            try await HTTPFetch(timeout: patience).get(
                address.base + path, headers: [("Accept", "application/json")])
        }
    }

    static func post(
        _ address: GatewayAddress, _ path: String, body: [UInt8], headers: [(name: String, value: String)],
        timeout: Duration
    ) async throws(CommandFailure) -> GatewayAnswer {
        try await Self.answer(address.base) { () async throws(HTTPFetch.Failure) in
            try await HTTPFetch(timeout: timeout + margin).post(
                address.base + path, headers: headers, body: body)
        }
    }

    /// Finds out whether anything speaks HTTP at an address; any status will do.
    static func probe(_ url: String) async throws(CommandFailure) -> Int {
        let answer = try await Self.answer(url) { () async throws(HTTPFetch.Failure) in
            try await HTTPFetch(timeout: probePatience).post(
                url, headers: [("Accept", "application/json, text/event-stream")],
                body: Array(#"{"jsonrpc":"2.0","id":1,"method":"ping"}"#.utf8))
        }
        return answer.status
    }

    private static func answer(
        _ address: String, _ body: () async throws(HTTPFetch.Failure) -> HTTPFetch.Answer
    ) async throws(CommandFailure) -> GatewayAnswer {
        do throws(HTTPFetch.Failure) {
            let answer = try await body()
            let type = answer.header("Content-Type") ?? ""
            return GatewayAnswer(
                status: answer.status, isEventStream: type.hasPrefix("text/event-stream"), body: answer.body)
        } catch {
            throw failure(error, address)
        }
    }

    private static func failure(_ failure: HTTPFetch.Failure, _ address: String) -> CommandFailure {
        switch failure {
        case .badURL(let reason): .notRunning(address: address, reason: reason)
        case .unreachable(let reason):
            .notRunning(
                address: address, reason: reason.contains("refused") ? "connection refused" : reason)
        case .timedOut(let duration): .noAnswer(address: address, reason: "nothing came within \(duration)")
        case .broken(let reason): .noAnswer(address: address, reason: reason)
        case .tooLarge(let bytes): .noAnswer(address: address, reason: "the answer has over \(bytes) bytes")
        }
    }
}
