import Foundation
import Identity

/// Certificates as an operator makes them, with the program `openssl`: RSA keys, of an authority whose key is
/// kept elsewhere.
enum OperatorCertificates {
    struct Failure: Error { let arguments: [String] }

    static func replaceAll(in store: CertificateStore) throws {
        let (key, request) = ("\(store.directory)/../operator.key", "\(store.directory)/../operator.csr")
        try FileManager.default.removeItem(atPath: "\(store.directory)/ca.key")
        try run([
            "req", "-x509", "-nodes", "-newkey", "rsa:2048", "-keyout", key, "-out", store.authorityPath,
            "-days", "5", "-subj", "/CN=Operator",
        ])
        for name in CertificateName.allCases {
            try run([
                "req", "-new", "-nodes", "-newkey", "rsa:2048", "-keyout", store.keyPath(name), "-out",
                request, "-subj", "/CN=\(name)", "-addext", "subjectAltName=DNS:\(name.dnsName)",
            ])
            try run([
                "x509", "-req", "-in", request, "-CA", store.authorityPath, "-CAkey", key, "-set_serial",
                "\(UInt32.random(in: 1 ... .max))", "-out", store.certificatePath(name), "-days", "5",
                "-copy_extensions", "copy",
            ])
        }
    }

    private static func run(_ arguments: [String]) throws {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = ["openssl"] + arguments
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else { throw Failure(arguments: arguments) }
    }
}
