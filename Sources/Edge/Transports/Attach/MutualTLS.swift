import NIOSSL

/// One side of connections where both sides show a certificate of the same authority: TLS 1.3 only.
package struct MutualTLS: Sendable {
    package enum Side: Sendable { case gateway, client }

    package enum Fault: Error, Equatable, Sendable {
        case unreadableAuthority
        case unreadableCertificate
        case unreadableKey
        /// BoringSSL does not take the certificate with the key.
        case notUsable
    }

    /// How long the other side's farewell is waited for.
    private static let shutdownTimeoutSeconds: Int64 = 1

    let context: NIOSSLContext

    /// Takes PEM texts.
    ///
    /// - Parameters:
    ///   - authority: the certificates that the other side's chain has to end in.
    ///   - certificateChain: the own certificate first.
    package init(
        _ side: Side, authority: [UInt8], certificateChain: [UInt8], privateKey: [UInt8]
    ) throws(Fault) {
        guard let roots = try? NIOSSLCertificate.fromPEMBytes(authority), !roots.isEmpty else {
            throw .unreadableAuthority
        }
        guard let chain = try? NIOSSLCertificate.fromPEMBytes(certificateChain), !chain.isEmpty else {
            throw .unreadableCertificate
        }
        guard let key = try? NIOSSLPrivateKey(bytes: privateKey, format: .pem) else { throw .unreadableKey }
        var configuration =
            switch side {
            case .gateway:
                TLSConfiguration.makeServerConfiguration(
                    certificateChain: chain.map { .certificate($0) }, privateKey: .privateKey(key))
            case .client: TLSConfiguration.makeClientConfiguration()
            }
        configuration.certificateChain = chain.map { .certificate($0) }
        configuration.privateKey = .privateKey(key)
        configuration.trustRoots = .certificates(roots)
        // The gateway's clients have no host names: what their certificates name is compared with their role.
        configuration.certificateVerification = side == .gateway ? .noHostnameVerification : .fullVerification
        configuration.minimumTLSVersion = .tlsv13
        configuration.shutdownTimeout = .seconds(Self.shutdownTimeoutSeconds)
        guard let context = try? NIOSSLContext(configuration: configuration) else { throw .notUsable }
        self.context = context
    }
}
