import Foundation
import NIOSSL

/// A certificate authority and certificates of servers that it signs, made with `openssl` in a directory.
struct TestCertificates {
    struct Failure: Error { let output: String }

    let directory: String
    /// The authority's own certificate, to be trusted.
    var authority: String { "\(directory)/ca.pem" }

    init(_ directory: String) throws {
        self.directory = directory
        try Self.openssl(
            ["req", "-x509", "-nodes", "-keyout", "\(directory)/ca.key", "-out", authority]
                + Self.newKey + ["-days", "2", "-subj", "/CN=Attune's test authority"])
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
        try Self.openssl(
            ["req", "-new", "-nodes", "-keyout", "\(name).key", "-out", "\(name).csr"] + Self.newKey
                + ["-subj", "/CN=server", "-addext", "subjectAltName=\(names)"]
                + (usage.map { ["-addext", "extendedKeyUsage=\($0)"] } ?? []))
        try Self.openssl([
            "x509", "-req", "-in", "\(name).csr", "-CA", authority, "-CAkey", "\(directory)/ca.key",
            "-CAcreateserial", "-out", "\(name).pem", "-days", "\(days)", "-copy_extensions", "copy",
        ])
        return name
    }

    private static let newKey = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1"]

    private static func openssl(_ arguments: [String]) throws {
        let process = Process()
        let output = Pipe()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["openssl"] + arguments
        process.standardOutput = output
        process.standardError = output
        try process.run()
        let bytes = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else {
            throw Failure(output: String(decoding: bytes, as: UTF8.self))
        }
    }
}
