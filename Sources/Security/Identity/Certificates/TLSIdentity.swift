import Foundation
import X509

/// The certificate, key and authority of one side, as PEM texts that were found to belong together.
package struct TLSIdentity: Sendable {
    package let authority: [UInt8]
    package let certificateChain: [UInt8]
    package let privateKey: [UInt8]

    /// Certificates from one's own to the authority's.
    private static let maxChain = 4

    /// Reads the files that `CertificateStore` keeps, once: what is checked is what is used.
    ///
    /// - Throws: if a file can't be read, is not what it has to be, has expired, or does not fit the others.
    package init(
        _ name: CertificateName, in store: CertificateStore, at now: Date = Date()
    ) throws(CertificateFault) {
        let (path, keyPath) = (store.certificatePath(name), store.keyPath(name))
        try store.checkPrivate(keyPath, forbidden: 0o077)
        let (authority, chain, key) = (
            try Self.text(store.authorityPath), try Self.text(path), try Self.text(keyPath)
        )
        let roots = try PEMText.certificates(authority, of: store.authorityPath)
        let certificates = try PEMText.certificates(chain, of: path)
        guard try PEMText.key(key, of: keyPath).publicKey == certificates[0].publicKey else {
            throw .otherKey(certificate: path, key: keyPath)
        }
        try Self.checkDates(certificates[0], path, now)
        guard Self.names(certificates[0]).contains(name.dnsName) else {
            throw .otherName(path: path, expected: name.dnsName)
        }
        let root = try Self.root(of: certificates, roots, path, store.authorityPath)
        try Self.checkDates(root, store.authorityPath, now)
        self.authority = Array(authority.utf8)
        certificateChain = Array(chain.utf8)
        privateKey = Array(key.utf8)
    }

    private static func text(_ path: String) throws(CertificateFault) -> String {
        guard let text = try CertificateFile.read(path) else { throw .missing(path: path) }
        return text
    }

    private static func checkDates(
        _ certificate: Certificate, _ path: String, _ now: Date
    ) throws(CertificateFault) {
        guard certificate.notValidAfter >= now else {
            throw .expired(path: path, since: certificate.notValidAfter)
        }
        guard certificate.notValidBefore <= now else {
            throw .notYetValid(path: path, until: certificate.notValidBefore)
        }
    }

    private static func names(_ certificate: Certificate) -> [String] {
        guard let names = try? certificate.extensions.subjectAlternativeNames else { return [] }
        return names.compactMap { if case .dnsName(let name) = $0 { name } else { nil } }
    }

    /// Follows the signatures, through the other certificates of the chain's file, to one of the roots.
    private static func root(
        of chain: [Certificate], _ roots: [Certificate], _ path: String, _ authorityPath: String
    ) throws(CertificateFault) -> Certificate {
        var current = chain[0]
        for _ in 0..<maxChain {
            if let root = signer(of: current, among: roots) { return root }
            guard let next = signer(of: current, among: Array(chain.dropFirst())) else { break }
            current = next
        }
        throw .otherAuthority(path: path, authority: authorityPath)
    }

    private static func signer(of certificate: Certificate, among others: [Certificate]) -> Certificate? {
        others.first {
            $0.subject == certificate.issuer
                && $0.publicKey.isValidSignature(certificate.signature, for: certificate)
        }
    }
}
