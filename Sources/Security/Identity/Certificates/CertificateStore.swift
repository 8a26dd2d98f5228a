import Crypto
import Foundation
import X509

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// The certificates and keys with which processes know each other at the gateway: `ca`, `gateway`,
/// `learner` and `worker`, each a `.pem` and a `.key`.
///
/// What is missing is made at the start, with mode 0600 in a directory of mode 0700; what is there is kept,
/// so that operators can bring their own. A certificate made here is renewed for the same key, in one step,
/// when it has less than 30 days left. Of two gateways that start at once, both use what the quicker one
/// wrote.
package struct CertificateStore: Sendable {
    static let renewalSeconds: TimeInterval = 30 * 86_400

    package let directory: String

    package init(directory: String) { self.directory = directory }

    package var authorityPath: String { "\(directory)/ca.pem" }
    private var authorityKeyPath: String { "\(directory)/ca.key" }
    package func certificatePath(_ name: CertificateName) -> String { "\(directory)/\(name.rawValue).pem" }
    package func keyPath(_ name: CertificateName) -> String { "\(directory)/\(name.rawValue).key" }

    /// Makes what is missing and renews what is about to expire.
    ///
    /// - Returns: the certificates that were written, by path.
    /// - Throws: the first thing that is wrong. Certificates that are there are read when they are used.
    @discardableResult
    package func prepare(at now: Date = Date()) throws(CertificateFault) -> [String] {
        try prepareDirectory()
        var written: [String] = []
        let authority = try authority(at: now, &written)
        for name in CertificateName.allCases { try prepare(name, authority, at: now, &written) }
        return written
    }

    private func prepareDirectory() throws(CertificateFault) {
        let attributes: [FileAttributeKey: Any] = [.posixPermissions: NSNumber(value: 0o700)]
        do {
            try FileManager.default.createDirectory(
                atPath: directory, withIntermediateDirectories: true, attributes: attributes)
        } catch {
            throw .directoryNotUsable(path: directory, errno: errno)
        }
        try checkPrivate(directory, forbidden: 0o022)
    }

    /// Looks behind symbolic links, as which containers are given their secrets.
    func checkPrivate(_ path: String, forbidden: Int) throws(CertificateFault) {
        var status = stat()
        // Proof: the path's terminated copy and `status` outlive the call, which writes one stat.
        guard unsafe stat(path, &status) == 0 else { return }
        let mode = Int(status.st_mode & 0o777)
        guard mode & forbidden == 0 else { throw .notPrivate(path: path, mode: mode) }
    }

    // MARK: The authority

    /// Nil where the operator keeps the authority's key elsewhere.
    private func authority(
        at now: Date, _ written: inout [String]
    ) throws(CertificateFault) -> CertificateAuthority? {
        guard let text = try CertificateFile.read(authorityPath) else {
            try mintAuthority(at: now, &written)
            guard let text = try CertificateFile.read(authorityPath) else {
                throw .cannotRead(path: authorityPath, errno: ENOENT)
            }
            return try authority(text)
        }
        guard let found = try authority(text) else { return nil }
        guard isDue(found.certificate, at: now) else { return found }
        let renewed = try Self.sign(authorityPath) { try CertificateAuthority.minted(found.key, at: now) }
        try write(renewed.certificate, to: authorityPath, replaces: true)
        written.append(authorityPath)
        return renewed
    }

    /// The authority of the first certificate in the text, if its key is here.
    private func authority(_ text: String) throws(CertificateFault) -> CertificateAuthority? {
        let certificate = try PEMText.certificates(text, of: authorityPath)[0]
        guard let keyText = try CertificateFile.read(authorityKeyPath) else { return nil }
        let key = try PEMText.key(keyText, of: authorityKeyPath)
        guard key.publicKey == certificate.publicKey else {
            throw .otherKey(certificate: authorityPath, key: authorityKeyPath)
        }
        return CertificateAuthority(certificate: certificate, key: key)
    }

    private func mintAuthority(at now: Date, _ written: inout [String]) throws(CertificateFault) {
        // Certificates of an authority that is not here are the operator's: another authority is no help.
        for name in CertificateName.allCases
        where FileManager.default.fileExists(atPath: certificatePath(name)) {
            throw .missing(path: authorityPath)
        }
        let key = try key(at: authorityKeyPath)
        let made = try Self.sign(authorityPath) { try CertificateAuthority.minted(key, at: now) }
        try write(made.certificate, to: authorityPath, replaces: false)
        written.append(authorityPath)
    }

    // MARK: What it signs

    private func prepare(
        _ name: CertificateName, _ authority: CertificateAuthority?, at now: Date, _ written: inout [String]
    ) throws(CertificateFault) {
        let path = certificatePath(name)
        let text = try CertificateFile.read(path)
        if let text {
            let found = try PEMText.certificates(text, of: path)[0]
            let isOurs =
                authority.map { $0.certificate.publicKey.isValidSignature(found.signature, for: found) }
                ?? false
            guard isOurs, isDue(found, at: now) else { return }
        }
        guard let authority else { throw .missing(path: path) }
        let key = try key(at: keyPath(name))
        let certificate = try Self.sign(path) { try authority.leaf(name, key.publicKey, at: now) }
        try write(certificate, to: path, replaces: text != nil)
        written.append(path)
    }

    private func isDue(_ certificate: Certificate, at now: Date) -> Bool {
        CertificateAuthority.hasMinted(certificate)
            && certificate.notValidAfter < now + Self.renewalSeconds
    }

    /// The key of the file, which is made if there is none. It is written before the certificate, so that a
    /// start that was cut short is taken up where it ended.
    private func key(at path: String) throws(CertificateFault) -> Certificate.PrivateKey {
        if try CertificateFile.read(path) == nil {
            let made = P256.Signing.PrivateKey().pemRepresentation
            try CertificateFile.write(made + "\n", to: path, replaces: false)
        }
        guard let text = try CertificateFile.read(path) else { throw .cannotRead(path: path, errno: ENOENT) }
        return try PEMText.key(text, of: path)
    }

    private func write(
        _ certificate: Certificate, to path: String, replaces: Bool
    ) throws(CertificateFault) {
        let text = try Self.sign(path) { try certificate.serializeAsPEM().pemString }
        try CertificateFile.write(text + "\n", to: path, replaces: replaces)
    }

    private static func sign<Made>(_ path: String, _ make: () throws -> Made) throws(CertificateFault) -> Made
    {
        guard let made = try? make() else { throw .cannotSign(path: path) }
        return made
    }
}
