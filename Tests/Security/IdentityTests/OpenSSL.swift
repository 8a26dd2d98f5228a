import Foundation

@testable import Identity

/// Certificates as an operator makes them, with the program `openssl`.
enum OpenSSL {
    struct Failure: Error { let arguments: [String] }

    static func succeeds(_ arguments: [String]) -> Bool { (try? run(arguments)) != nil }

    static func run(_ arguments: [String]) throws {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = ["openssl"] + arguments
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else { throw Failure(arguments: arguments) }
    }

    /// An authority whose key is kept elsewhere, and all certificates.
    static func writeAll(to store: CertificateStore, days: Int) throws {
        let directory = store.directory
        try FileManager.default.createDirectory(
            atPath: directory, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        let authorityKey = "\(directory)-ca.key"
        defer { try? FileManager.default.removeItem(atPath: authorityKey) }
        try run(
            ["req", "-x509", "-nodes", "-keyout", authorityKey, "-out", store.authorityPath] + newKey
                + ["-days", "\(days)", "-subj", "/CN=Operator"])
        for name in CertificateName.allCases {
            let request = "\(directory)-\(name).csr"
            defer { try? FileManager.default.removeItem(atPath: request) }
            try run(
                ["req", "-new", "-nodes", "-keyout", store.keyPath(name), "-out", request] + newKey
                    + ["-subj", "/CN=\(name)", "-addext", "subjectAltName=DNS:\(name.dnsName)"])
            try run([
                "x509", "-req", "-in", request, "-CA", store.authorityPath, "-CAkey", authorityKey,
                "-set_serial", "\(UInt32.random(in: 1 ... .max))", "-out", store.certificatePath(name),
                "-days",
                "\(days)", "-copy_extensions", "copy",
            ])
        }
    }

    private static let newKey = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1"]
}
