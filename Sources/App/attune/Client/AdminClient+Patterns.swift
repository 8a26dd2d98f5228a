import Wire

extension AdminClient {
    /// Rows of each list, as many as the interface gives at once.
    private static let mostRows = 1000

    /// What the learner has found, of one session if one is named.
    func patterns(session: String?) async throws(CommandFailure) -> JSONView {
        var query: [(name: String, value: String)] = [("limit", "\(Self.mostRows)")]
        if let session { query.append(("session", session)) }
        let path = "/api/v1/patterns?" + Self.encoded(query)
        let answer = try await GatewayClient.get(address, path)
        let value = try? JSONView(validating: answer.body, limits: Self.limits)
        if let session, answer.status == 404, let error = value?["error"],
            error["code"]?.string == "unknown_session"
        {
            let known = error["available"].map { $0.elements.compactMap(\.string) } ?? []
            throw .unknownSession(name: session, known: known)
        }
        guard let value, answer.status == 200 else {
            throw .unexpectedAnswer(
                address: address.base + path, status: answer.status, message: answer.message)
        }
        return value
    }
}
