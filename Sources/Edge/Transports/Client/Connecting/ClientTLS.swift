import NIOCore
import NIOSSL
import Synchronization

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// What encrypted connections to servers share: the certificates that are trusted and the settings of TLS.
///
/// At least TLS 1.2; the certificate and its name are always verified; the only protocol offered is HTTP/1.1.
package final class ClientTLS: Sendable {
    package enum Problem: Error, Equatable, Sendable {
        /// The file of further trusted certificates is not there, or is not PEM.
        case unreadableRoots(path: String)
        /// The system has no trusted certificates where they are looked for.
        case noSystemRoots
    }

    /// Trusts what the system trusts, and the certificates in the file that `SSL_CERT_FILE` names.
    package static let system = ClientTLS(
        extraRootsFile: ProcessInfo.processInfo.environment["SSL_CERT_FILE"])

    /// How long the server's farewell is waited for when a connection is closed.
    private static let shutdownTimeout = TimeAmount.seconds(1)

    private let extraRootsFile: String?
    private let made = Mutex<NIOSSLContext?>(nil)

    /// - Parameter extraRootsFile: a PEM file of certificates to trust besides the system's; none if empty.
    package init(extraRootsFile: String?) {
        self.extraRootsFile = extraRootsFile.flatMap { $0.isEmpty ? nil : $0 }
    }

    /// The settings, made at the first call: this reads files and parses some hundred certificates, so it is
    /// not for an event loop. A failure is not kept, so that a mended file helps without a restart.
    func context() throws -> NIOSSLContext {
        try made.withLock { made in
            if let made { return made }
            let new = try make()
            made = new
            return new
        }
    }

    private func make() throws -> NIOSSLContext {
        var configuration = TLSConfiguration.makeClientConfiguration()
        configuration.minimumTLSVersion = .tlsv12
        configuration.certificateVerification = .fullVerification
        configuration.applicationProtocols = ["http/1.1"]
        configuration.shutdownTimeout = Self.shutdownTimeout
        let extra = try extraRoots()
        configuration.additionalTrustRoots = [.certificates(extra)]
        do {
            return try NIOSSLContext(configuration: configuration)
        } catch {
            guard !extra.isEmpty else { throw Problem.noSystemRoots }
            configuration.trustRoots = .certificates([])
            return try NIOSSLContext(configuration: configuration)
        }
    }

    private func extraRoots() throws(Problem) -> [NIOSSLCertificate] {
        guard let extraRootsFile else { return [] }
        guard let roots = try? NIOSSLCertificate.fromPEMFile(extraRootsFile), !roots.isEmpty else {
            throw .unreadableRoots(path: extraRootsFile)
        }
        return roots
    }
}
