import NIOSSL

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// What is wrong with the certificate that a server shows.
enum CertificateFault: Equatable {
    case expired
    case notYetValid
    case otherName
    /// No chain leads to a trusted certificate, or one in the middle is not valid.
    case unknownIssuer

    /// What the dates of the server's own certificate say; BoringSSL's reason does not leave NIOSSL.
    init(of certificate: NIOSSLCertificate?) {
        let now = Int(Date().timeIntervalSince1970)
        if let certificate, Int(certificate.notValidAfter) < now {
            self = .expired
        } else if let certificate, Int(certificate.notValidBefore) > now {
            self = .notYetValid
        } else {
            self = .unknownIssuer
        }
    }

    var text: String {
        switch self {
        case .expired: "it has expired"
        case .notYetValid: "it is not valid yet"
        case .otherName: "it is for another name than the address has"
        case .unknownIssuer:
            "its issuer is unknown (a private authority's certificate goes into the file of SSL_CERT_FILE)"
        }
    }
}
