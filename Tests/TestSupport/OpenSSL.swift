import Foundation

/// Certificates as an operator makes them, with the program `openssl`.
public enum OpenSSL {
    public struct Failure: Error { public let output: String }

    public enum KeyKind: Sendable { case p256, rsa }

    /// - Throws: `Failure` with what the program wrote, when it fails.
    public static func run(_ arguments: [String]) throws {
        let process = Process()
        let output = Pipe()
        process.executableURL = URL(filePath: "/usr/bin/env")
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

    public static func succeeds(_ arguments: [String]) -> Bool { (try? run(arguments)) != nil }

    /// Makes an authority: `path` with `.pem` and `.key`.
    public static func makeAuthority(
        _ path: String, name: String = "Attune's test authority", kind: KeyKind = .p256, days: Int = 2
    ) throws {
        try run(
            ["req", "-x509", "-nodes", "-keyout", "\(path).key", "-out", "\(path).pem"] + newKey(kind)
                + ["-days", "\(days)", "-subj", "/CN=\(name)"])
    }

    /// Makes a certificate that the authority signs: `path` with `.pem` and `.key`.
    ///
    /// - Parameters:
    ///   - names: as `subjectAltName` takes them.
    ///   - days: how long it is valid; a negative number makes one that has expired.
    ///   - usage: as `extendedKeyUsage` takes it; for every purpose if nil.
    public static func makeCertificate(
        _ path: String, names: String, signedBy authority: String, kind: KeyKind = .p256, days: Int = 1,
        usage: String? = nil
    ) throws {
        let request = "\(path).csr"
        defer { try? FileManager.default.removeItem(atPath: request) }
        try run(
            ["req", "-new", "-nodes", "-keyout", "\(path).key", "-out", request] + newKey(kind)
                + [
                    "-subj", "/CN=\(names.prefix(60).filter { $0 != "," })", "-addext",
                    "subjectAltName=\(names)",
                ]
                + (usage.map { ["-addext", "extendedKeyUsage=\($0)"] } ?? []))
        try run([
            "x509", "-req", "-in", request, "-CA", "\(authority).pem", "-CAkey", "\(authority).key",
            "-set_serial", "\(UInt32.random(in: 1 ... .max))", "-out", "\(path).pem", "-days", "\(days)",
            "-copy_extensions", "copy",
        ])
    }

    private static func newKey(_ kind: KeyKind) -> [String] {
        switch kind {
        case .p256: ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1"]
        case .rsa: ["-newkey", "rsa:2048"]
        }
    }
}
