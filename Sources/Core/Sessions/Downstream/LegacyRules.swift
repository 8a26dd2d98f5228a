import Wire

/// The rules of the legacy eras for what a client sends.
package enum LegacyRules {
    /// The most messages one batch may hold.
    package static let maxBatch = 128

    /// The revision that the header field of a request after `initialize` names (2025-11-25,
    /// basic/transports).
    package static func version(header: String?) throws(Refusal) -> ProtocolVersion {
        guard let header else { return .assumedWithoutHeader }
        guard let version = ProtocolVersion(header), version.era == .legacy else {
            throw .badVersionHeader(header)
        }
        return version
    }

    /// Judges a body that is an array.
    /// - Parameters:
    ///   - version: the session's revision; nil without a session.
    ///   - count: the number of the array's elements.
    package static func refusal(batchOf count: Int, version: ProtocolVersion?) -> Refusal? {
        guard let version, version.allowsBatches else { return .batchNotAllowed(version) }
        if count == 0 { return .emptyBatch }
        return count > maxBatch ? .batchTooLong(limit: maxBatch) : nil
    }

    /// Judges one request or notification by the methods of the session's revision.
    /// - Parameters:
    ///   - name: the method as the client wrote it, for the error's text.
    ///   - inBatch: whether the message is an element of an array.
    ///   - passesUnknown: whether methods that no revision defines go on to the server (transparent
    ///   endpoints).
    package static func refusal(
        _ method: Method, named name: String, version: ProtocolVersion, inBatch: Bool = false,
        passesUnknown: Bool = false
    ) -> Refusal? {
        if inBatch && method == .initialize { return .initializeInBatch }
        if method == .other { return passesUnknown ? nil : .methodNotFound(name, .legacy) }
        return method.exists(in: version, from: .client) ? nil : .methodNotFound(name, .legacy)
    }
}
