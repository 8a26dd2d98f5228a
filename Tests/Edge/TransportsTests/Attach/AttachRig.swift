import Foundation
import Synchronization
import Testing

@testable import Transports

/// A control socket with certificates of its own authority, and what its host was told.
struct AttachRig {
    static let gatewayName = "gateway.attune.internal"
    static let names: [AttachRole: Set<String>] = [
        .learner: ["learner.attune.internal"], .worker: ["worker.attune.internal"],
        .viewer: ["learner.attune.internal", "worker.attune.internal"],
    ]

    let directory: String
    let certificates: TestCertificates
    let listener: AttachListener
    let host: RecordingHost
    let loops: EventLoops

    var path: String { listener.path }

    static func run(
        gateway: String = "DNS:\(gatewayName)", limits: AttachLimits = AttachLimits(),
        _ body: (AttachRig) async throws -> Void
    ) async throws {
        try await TemporaryDirectory.run { directory in
            let certificates = try TestCertificates(directory)
            let loops = EventLoops(count: 2)
            let host = RecordingHost()
            let listener = try await AttachListener.bind(
                path: "\(directory)/run/attach.sock", on: loops,
                tls: try identity(.gateway, certificates, gateway), names: names, limits: limits, host: host)
            let rig = AttachRig(
                directory: directory, certificates: certificates, listener: listener, host: host, loops: loops
            )
            try await body(rig)
            await listener.close()
            await loops.shutdown()
        }
    }

    static func identity(
        _ side: MutualTLS.Side, _ certificates: TestCertificates, _ names: String, days: Int = 1,
        usage: String? = nil, trusting authority: String? = nil
    ) throws -> MutualTLS {
        let name = try certificates.files(names, days: days, usage: usage)
        func bytes(_ path: String) throws -> [UInt8] { Array(try Data(contentsOf: URL(filePath: path))) }
        return try MutualTLS(
            side, authority: bytes(authority ?? certificates.authority),
            certificateChain: bytes("\(name).pem"), privateKey: bytes("\(name).key"))
    }

    /// Another authority than the gateway's.
    func otherAuthority() throws -> TestCertificates {
        let other = "\(directory)/other"
        try FileManager.default.createDirectory(atPath: other, withIntermediateDirectories: true)
        return try TestCertificates(other)
    }

    static func request(_ role: AttachRole, _ name: String = "one") -> AttachRequest {
        AttachRequest(role: role, name: name, layouts: [1], processID: getpid())
    }

    /// Attaches with a certificate for the role, unless another identity is given.
    func attach(
        _ role: AttachRole, _ identity: MutualTLS? = nil, timeout: Duration = .seconds(5)
    ) async throws(AttachFailure) -> AttachConnection {
        guard
            let tls = identity ?? (try? Self.identity(.client, certificates, "DNS:\(role).attune.internal"))
        else { preconditionFailure("openssl makes certificates") }
        return try await AttachConnection.open(
            path: path, request: Self.request(role), tls: tls, gatewayName: Self.gatewayName, on: loops,
            timeout: timeout)
    }

    /// What a script in Python, with the socket's path and the paths of a worker's certificate and key and of
    /// the authority as arguments, prints.
    func python(_ script: String, certificate: String = "DNS:worker.attune.internal") throws -> String {
        let name = try certificates.files(certificate)
        let process = Process()
        let output = Pipe()
        process.executableURL = URL(filePath: "/usr/bin/env")
        let arguments = [path, "\(name).pem", "\(name).key", certificates.authority]
        process.arguments = ["python3", "-c", Self.prelude + script] + arguments
        process.standardOutput = output
        try process.run()
        let bytes = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return String(decoding: bytes, as: UTF8.self)
    }

    private static let prelude = """
        import json, os, socket, ssl, sys
        path, certificate, key, authority = sys.argv[1:]
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.load_verify_locations(authority)
        plain = socket.socket(socket.AF_UNIX)
        def connect():
            plain.connect(path)
            return context.wrap_socket(plain, server_hostname="gateway.attune.internal")
        def heard(stream):
            try:
                return stream.recv(100000)
            except OSError as error:
                return getattr(error, "reason", None) or "reset"

        """

    /// Waits for a condition, for as long as the test's time limit lasts.
    static func wait(for condition: () async throws -> Bool) async throws {
        while try await !condition() { try await Task.sleep(for: .milliseconds(2)) }
    }
}
