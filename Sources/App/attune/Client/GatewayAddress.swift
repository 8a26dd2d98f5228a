import Configuration

/// Where a running gateway answers.
struct GatewayAddress: Sendable {
    /// Such as `http://127.0.0.1:7421`.
    let base: String

    static func admin(_ configuration: GatewayConfiguration) throws(CommandFailure) -> GatewayAddress {
        try GatewayAddress(configuration.core.admin, key: "admin")
    }

    static func protocolAddress(_ configuration: GatewayConfiguration) throws(CommandFailure)
        -> GatewayAddress
    {
        try GatewayAddress(configuration.core.listen, key: "listen")
    }

    private init(_ address: ListenAddress, key: String) throws(CommandFailure) {
        guard address.port != 0 else { throw .noAddress(key: key, value: address.description) }
        base = "http://\(Self.reachable(address))"
    }

    /// A gateway that listens on all addresses is asked on the loopback one.
    private static func reachable(_ address: ListenAddress) -> ListenAddress {
        switch address.host {
        case "0.0.0.0": ListenAddress(host: "127.0.0.1", port: address.port)
        case "::": ListenAddress(host: "::1", port: address.port)
        default: address
        }
    }
}
