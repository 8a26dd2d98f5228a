#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// What is wrong with the files of certificates and keys.
package enum CertificateFault: Error, Equatable, Sendable {
    case directoryNotUsable(path: String, errno: Int32)
    /// Others may write to the directory, or read a key.
    case notPrivate(path: String, mode: Int)
    /// The file can't be made, for want of the key of `ca.pem`.
    case missing(path: String)
    case cannotRead(path: String, errno: Int32)
    case cannotWrite(path: String, errno: Int32)
    case tooLong(path: String)
    case notACertificate(path: String)
    case notAKey(path: String)
    /// The key of `ca.pem` can't sign, or not what the certificate is to hold.
    case cannotSign(path: String)
    /// The key is not that of the certificate.
    case otherKey(certificate: String, key: String)
    case expired(path: String, since: Date)
    case notYetValid(path: String, until: Date)
    /// The certificate is for other names than it has to be.
    case otherName(path: String, expected: String)
    /// No certificate of `ca.pem` has signed it.
    case otherAuthority(path: String, authority: String)
}

extension CertificateFault: CustomStringConvertible {
    /// What is wrong and what to do next.
    package var description: String {
        switch self {
        case .directoryNotUsable(let path, let errno): "the directory \(path) cannot be used (errno \(errno))"
        case .notPrivate(let path, let mode):
            "\(path) has mode \(String(mode, radix: 8)), which is open to others: chmod go-rwx \(path)"
        case .missing(let path):
            "\(path) is missing and cannot be made without ca.key: put it there, or remove the directory's "
                + "files to have all of them made"
        case .cannotRead(let path, let errno): "\(path) cannot be read (errno \(errno))"
        case .cannotWrite(let path, let errno): "\(path) cannot be written (errno \(errno))"
        case .tooLong(let path): "\(path) has more than \(CertificateFile.maxBytes) bytes"
        case .notACertificate(let path): "\(path) holds no certificate in PEM"
        case .notAKey(let path): "\(path) holds no unencrypted private key in PEM"
        case .cannotSign(let path): "\(path) cannot be signed with ca.key: is it for signing certificates?"
        case .otherKey(let certificate, let key): "\(key) is not the key of \(certificate)"
        case .expired(let path, let since): "\(path) has expired, on \(since.formatted(.iso8601))"
        case .notYetValid(let path, let until): "\(path) is not valid before \(until.formatted(.iso8601))"
        case .otherName(let path, let expected): "\(path) is not for the name \(expected)"
        case .otherAuthority(let path, let authority): "\(path) is not signed by an authority of \(authority)"
        }
    }
}
