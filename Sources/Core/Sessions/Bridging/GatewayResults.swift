import Wire

/// Writes the raw results of requests that the gateway answers itself.
package enum GatewayResults {
    /// Who answers a handshake: the gateway, or a server that it stands for. All values are raw JSON.
    package struct Offer: Sendable {
        package var capabilities: [UInt8]
        package var serverInfo: [UInt8]
        /// A JSON string.
        package var instructions: [UInt8]?

        package init(capabilities: [UInt8], serverInfo: [UInt8], instructions: [UInt8]? = nil) {
            self.capabilities = capabilities
            self.serverInfo = serverInfo
            self.instructions = instructions
        }

        /// What a transparent endpoint offers in a server's place.
        /// - Parameters:
        ///   - version: the revision that the client speaks.
        ///   - name: the server's configured name, for a server that did not name itself.
        ///   - carriesSubscriptions: whether the gateway can carry `resources/subscribe` between the eras.
        package init(
            _ facts: ServerFacts, to version: ProtocolVersion, name: String, carriesSubscriptions: Bool
        ) {
            capabilities = CapabilityBridge.capabilities(
                of: facts, to: version, carriesSubscriptions: carriesSubscriptions)
            serverInfo = facts.serverInfo ?? Implementation.object(name: name, version: "unknown")
            instructions = facts.instructions
        }
    }

    /// An `InitializeResult`.
    package static func initialize(_ version: ProtocolVersion, _ offer: Offer) -> [UInt8] {
        var members = [
            (key: "protocolVersion", value: JSONWriter.quoted(version.text)),
            (key: "capabilities", value: offer.capabilities),
            (key: "serverInfo", value: offer.serverInfo),
        ]
        if let instructions = offer.instructions {
            members.append((key: "instructions", value: instructions))
        }
        return ObjectEdit.object(members)
    }

    /// A `DiscoverResult` that names every revision of the gateway.
    package static func discover(_ offer: Offer, _ hints: CacheHints) -> [UInt8] {
        let versions = ProtocolVersion.allText.map { String(decoding: JSONWriter.quoted($0), as: UTF8.self) }
        var members = [
            (key: "resultType", value: JSONWriter.quoted("complete")),
            (key: "supportedVersions", value: Array("[\(versions.joined(separator: ","))]".utf8)),
            (key: "capabilities", value: offer.capabilities),
        ]
        if let instructions = offer.instructions {
            members.append((key: "instructions", value: instructions))
        }
        members += cacheMembers(hints)
        members.append((key: "_meta", value: meta(offer.serverInfo)))
        return ObjectEdit.object(members)
    }

    /// A page of a list.
    /// - Parameters:
    ///   - items: the raw JSON array.
    ///   - nextCursor: a raw JSON string; nil on the last page.
    ///   - serverInfo: who answers; only a modern client is told.
    package static func list(
        _ method: Method, items: [UInt8], nextCursor: [UInt8]?, to era: Era, _ hints: CacheHints,
        serverInfo: [UInt8]?
    ) -> [UInt8] {
        var members: [(key: String, value: [UInt8])] = []
        if era == .modern { members.append((key: "resultType", value: JSONWriter.quoted("complete"))) }
        if let key = method.listKey { members.append((key: key.description, value: items)) }
        if let nextCursor { members.append((key: "nextCursor", value: nextCursor)) }
        if era == .modern {
            members += cacheMembers(hints)
            if let serverInfo { members.append((key: "_meta", value: meta(serverInfo))) }
        }
        return ObjectEdit.object(members)
    }

    /// An empty result: of a ping, or of a request whose result says nothing.
    package static func empty(to era: Era) -> [UInt8] {
        era == .legacy
            ? RPCResult.empty : ObjectEdit.object([(key: "resultType", value: JSONWriter.quoted("complete"))])
    }

    /// The graceful end of a modern client's listen stream.
    /// - Parameter subscriptionID: the raw id of the listen request.
    package static func listenEnded(subscriptionID: [UInt8]) -> [UInt8] {
        ObjectEdit.object([
            (key: "resultType", value: JSONWriter.quoted("complete")),
            (key: "_meta", value: ObjectEdit.object([(key: MetaKey.subscriptionID, value: subscriptionID)])),
        ])
    }

    private static func cacheMembers(_ hints: CacheHints) -> [(key: String, value: [UInt8])] {
        [
            (key: "ttlMs", value: Array(String(hints.ttlMilliseconds).utf8)),
            (key: "cacheScope", value: JSONWriter.quoted(hints.scope.rawValue)),
        ]
    }

    private static func meta(_ serverInfo: [UInt8]) -> [UInt8] {
        ObjectEdit.object([(key: MetaKey.serverInfo, value: serverInfo)])
    }
}
