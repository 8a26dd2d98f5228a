import Crypto
import Foundation
import X509

/// Signs certificates with a key on P-256 (RFC 5280; ECDSA with SHA-256, RFC 5758).
struct CertificateAuthority {
    /// How long certificates are valid: ten years of 365 days.
    static let validSeconds: TimeInterval = 3650 * 86_400
    /// Clocks of one machine may be set back so far.
    private static let skewSeconds: TimeInterval = 3600
    /// Stands in the names of what is made here, so that an operator's own certificates are told apart.
    private static let organization = "Attune (made at the gateway's start)"

    let certificate: Certificate
    let key: Certificate.PrivateKey

    /// A certificate that signs itself.
    static func minted(_ key: Certificate.PrivateKey, at now: Date) throws -> CertificateAuthority {
        let name = try name("Attune authority")
        let identifier = SubjectKeyIdentifier(hash: key.publicKey)
        let certificate = try Certificate(
            version: .v3, serialNumber: Certificate.SerialNumber(), publicKey: key.publicKey,
            notValidBefore: now - skewSeconds, notValidAfter: now + validSeconds, issuer: name, subject: name,
            extensions: Certificate.Extensions {
                Critical(BasicConstraints.isCertificateAuthority(maxPathLength: 0))
                Critical(KeyUsage(keyCertSign: true, cRLSign: true))
                identifier
            },
            issuerPrivateKey: key)
        return CertificateAuthority(certificate: certificate, key: key)
    }

    func leaf(
        _ name: CertificateName, _ publicKey: Certificate.PublicKey, at now: Date
    ) throws -> Certificate {
        let usage = try ExtendedKeyUsage([name.isServer ? .serverAuth : .clientAuth])
        let identifier =
            try certificate.extensions.subjectKeyIdentifier
            ?? SubjectKeyIdentifier(hash: certificate.publicKey)
        // None outlives its authority.
        let end = min(now + Self.validSeconds, certificate.notValidAfter)
        return try Certificate(
            version: .v3, serialNumber: Certificate.SerialNumber(), publicKey: publicKey,
            notValidBefore: now - Self.skewSeconds, notValidAfter: end, issuer: certificate.subject,
            subject: Self.name(name.dnsName),
            extensions: Certificate.Extensions {
                Critical(BasicConstraints.notCertificateAuthority)
                Critical(KeyUsage(digitalSignature: true))
                usage
                SubjectAlternativeNames([.dnsName(name.dnsName)])
                SubjectKeyIdentifier(hash: publicKey)
                AuthorityKeyIdentifier(keyIdentifier: identifier.keyIdentifier)
            },
            issuerPrivateKey: key)
    }

    /// True for what `minted` and `leaf` make.
    static func hasMinted(_ certificate: Certificate) -> Bool {
        certificate.subject.contains { names in
            names.contains {
                $0.type == .RDNAttributeType.organizationName && $0.value.description == organization
            }
        }
    }

    private static func name(_ common: String) throws -> DistinguishedName {
        try DistinguishedName {
            OrganizationName(organization)
            CommonName(common)
        }
    }
}
