import NIOSSL
import TestSupport

/// A certificate authority and certificates that it signs, made with `openssl` in a directory.
struct TestCertificates {
    let directory: String
    /// The authority's own certificate, to be trusted.
    var authority: String { "\(directory)/ca.pem" }

    init(_ directory: String) throws {
        self.directory = directory
        try OpenSSL.makeAuthority("\(directory)/ca")
    }

    /// The settings of a server with a certificate for the names.
    ///
    /// - Parameters:
    ///   - names: as `subjectAltName` takes them.
    ///   - days: how long it is valid; a negative number makes one that has expired.
    func server(_ names: String = "DNS:localhost,IP:127.0.0.1", days: Int = 1) throws -> TLSConfiguration {
        let name = try files(names, days: days)
        return TLSConfiguration.makeServerConfiguration(
            certificateChain: try NIOSSLCertificate.fromPEMFile("\(name).pem").map { .certificate($0) },
            privateKey: .privateKey(try NIOSSLPrivateKey(file: "\(name).key", format: .pem)))
    }

    /// A certificate for the names: a path to which `.pem` and `.key` are to be added.
    ///
    /// - Parameter usage: as `extendedKeyUsage` takes it; for every purpose if nil.
    func files(_ names: String, days: Int = 1, usage: String? = nil) throws -> String {
        let name = "\(directory)/\(UInt32.random(in: 0 ... .max))"
        try OpenSSL.makeCertificate(
            name, names: names, signedBy: "\(directory)/ca", days: days, usage: usage)
        return name
    }
}
