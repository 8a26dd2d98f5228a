/// Whom a certificate of the gateway's own authority is for.
package enum CertificateName: String, Sendable, CaseIterable {
    case gateway, learner, worker

    /// The name in the certificate (RFC 5280, section 4.2.1.6). No name server knows it.
    package var dnsName: String { "\(rawValue).attune.internal" }

    /// True for the side that waits for connections.
    var isServer: Bool { self == .gateway }
}
