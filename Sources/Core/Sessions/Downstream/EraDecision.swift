import Wire

/// Tells the two eras' messages apart at one endpoint.
package enum EraDecision {
    /// The era in which a client speaks.
    ///
    /// - Parameters:
    ///   - frame: what the scanner found in the message.
    ///   - versionHeader: `MCP-Protocol-Version`; nil over stdio.
    package static func era(of frame: Frame, method: Method, versionHeader: String?) -> Era {
        switch method {
        // With the modern metadata it is a modern request for a method that its revision does not have.
        case .initialize where frame.metaProtocolVersion.isEmpty: return .legacy
        case .discover, .listen: return .modern
        default: break
        }
        if !frame.metaProtocolVersion.isEmpty { return .modern }
        guard let versionHeader else { return .legacy }
        if let version = ProtocolVersion(versionHeader) { return version.era }
        return ProtocolVersion.isLaterThanLegacy(versionHeader) ? .modern : .legacy
    }
}
