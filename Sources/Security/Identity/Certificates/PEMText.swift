import SwiftASN1
import X509

/// Certificates and keys as text (RFC 7468).
enum PEMText {
    /// The most certificates of one file that are read.
    private static let maxCertificates = 64

    /// - Returns: at least one certificate.
    static func certificates(_ text: String, of path: String) throws(CertificateFault) -> [Certificate] {
        do {
            let documents = try PEMDocument.parseMultiple(pemString: text)
                .filter { $0.discriminator == Certificate.defaultPEMDiscriminator }.prefix(maxCertificates)
            let found = try documents.map { try Certificate(pemDocument: $0) }
            guard !found.isEmpty else { throw CertificateFault.notACertificate(path: path) }
            return found
        } catch {
            throw .notACertificate(path: path)
        }
    }

    static func key(_ text: String, of path: String) throws(CertificateFault) -> Certificate.PrivateKey {
        // What `openssl ecparam -genkey` writes in front says nothing that the key does not.
        let documents = (try? PEMDocument.parseMultiple(pemString: text)) ?? []
        guard let document = documents.first(where: { $0.discriminator.hasSuffix("PRIVATE KEY") }),
            let key = try? Certificate.PrivateKey(pemDocument: document)
        else { throw .notAKey(path: path) }
        return key
    }
}
