import Foundation
import NIOCore
import NIOSSL
import Sessions
import Synchronization
import Testing

@testable import Transports

@Suite(.timeLimit(.minutes(1)))
struct EncryptedUpstreamTests {
    private static let answer = """
        HTTP/1.1 200 OK\r
        Content-Type: application/json\r
        Content-Length: 2\r
        \r
        {}
        """
    private static let whole = ["head 200 json", "message {}", "ended"]

    /// Runs `body` with a server in TLS and a pool for `https` that trusts the authority.
    private static func run(
        _ tls: TLSConfiguration?, trusting roots: String?, host: String = "localhost",
        limits: HTTPClientLimits = HTTPClientLimits(), greeting: [RawServer.Step] = [],
        script: @escaping @Sendable (Int) -> [RawServer.Step] = { _ in [.send(answer)] },
        _ body: (PoolHandle, RawServer) async throws -> Void
    ) async throws {
        let server = try await RawServer.start(tls: tls, greeting: greeting, script)
        let loops = EventLoops(count: 1)
        let endpoint = try HTTPEndpoint(url: "https://\(host):\(server.port)/mcp")
        let pool = await PoolHandle.make(endpoint, loops, limits, tls: ClientTLS(extraRootsFile: roots))
        try await body(pool, server)
        await pool.retire()
        await server.stop()
        await loops.shutdown()
    }

    @Test("A server whose certificate is trusted and for its name is used, on one connection")
    func carriesRequests() async throws {
        try await TemporaryDirectory.run { directory in
            let certificates = try TestCertificates(directory)
            let names = Mutex<[String?]>([])
            var tls = try certificates.server()
            tls.applicationProtocols = ["h2", "http/1.1"]
            let heard: @Sendable (String?) -> Void = { name in names.withLock { $0.append(name) } }
            tls.sslContextCallback = { hello, promise in
                heard(hello.serverHostname)
                promise.succeed(NIOSSLContextConfigurationOverride())
            }
            try await Self.run(tls, trusting: certificates.authority) { pool, server in
                for _ in 0..<10 {
                    let request = await pool.post("{}")
                    #expect(await request.all() == Self.whole)
                    #expect(request.observer.reason == "")
                }
                #expect(server.connections == 1)
                #expect(
                    server.requests[0].hasPrefix("POST /mcp HTTP/1.1\r\nHost: localhost:\(server.port)\r\n"))
            }
            #expect(names.withLock { $0 } == ["localhost"])
        }
    }

    @Test("An address is compared with the addresses in the certificate", arguments: [true, false])
    func comparesAddresses(_ isListed: Bool) async throws {
        try await TemporaryDirectory.run { directory in
            let certificates = try TestCertificates(directory)
            let tls = try certificates.server(isListed ? "IP:127.0.0.1" : "IP:127.0.0.2,DNS:127.0.0.1")
            try await Self.run(tls, trusting: certificates.authority, host: "127.0.0.1") { pool, server in
                #expect(await pool.post("{}").all() == (isListed ? Self.whole : ["failed unreachable"]))
                #expect(server.requests.count == (isListed ? 1 : 0))
            }
        }
    }

    enum Fault: CaseIterable, CustomTestStringConvertible {
        case otherName, expired, unknownAuthority, noAuthority, noRoots, plain, oldVersion, closing, silent

        var testDescription: String { "\(self)" }

        var reason: String {
            switch self {
            case .otherName: "certificate not trusted: it is for another name than the address has"
            case .expired: "certificate not trusted: it has expired"
            case .unknownAuthority, .noAuthority:
                "certificate not trusted: its issuer is unknown (a private authority's certificate goes into the "
                    + "file of SSL_CERT_FILE)"
            case .noRoots: "no certificates can be read from SSL_CERT_FILE, /nowhere/ca.pem"
            case .plain: "the server does not speak TLS there; is its address http://?"
            case .oldVersion: "the TLS handshake failed: tlsv1 alert protocol version"
            case .closing: "the server closed the connection during the TLS handshake"
            case .silent: "TLS handshake timed out after 0.25 s"
            }
        }
    }

    @Test(
        "A server that cannot be trusted is unreachable, sees no request, and the reason is told",
        arguments: Fault.allCases)
    func refuses(_ fault: Fault) async throws {
        try await TemporaryDirectory.run { directory in
            let certificates = try TestCertificates(directory)
            var roots: String? = certificates.authority
            var tls: TLSConfiguration?
            var limits = HTTPClientLimits()
            var greeting: [RawServer.Step] = []
            switch fault {
            case .otherName: tls = try certificates.server("DNS:example.org,DNS:*.localhost")
            case .expired: tls = try certificates.server(days: -1)
            case .unknownAuthority:
                let other = "\(directory)/other"
                try FileManager.default.createDirectory(atPath: other, withIntermediateDirectories: false)
                roots = try TestCertificates(other).authority
                tls = try certificates.server()
            case .noAuthority:
                roots = nil
                tls = try certificates.server()
            case .noRoots: roots = "/nowhere/ca.pem"
            case .plain: greeting = [.send("HTTP/1.1 400 Bad Request\r\n\r\n"), .close]
            case .oldVersion:
                tls = try certificates.server()
                tls?.minimumTLSVersion = .tlsv1
                tls?.maximumTLSVersion = .tlsv11
            case .closing: greeting = [.close]
            case .silent: limits.connectTimeout = .milliseconds(250)
            }
            try await Self.run(tls, trusting: roots, limits: limits, greeting: greeting) { pool, server in
                let request = await pool.post("{}")
                #expect(await request.all() == ["failed unreachable"])
                #expect(request.observer.reason == fault.reason)
                #expect(server.requests.isEmpty)
                #expect(await pool.openConnections == 0)
            }
        }
    }

    @Test("Answers of many records, event streams and answers that the connection's end ends come whole")
    func carriesLargeAnswers() async throws {
        let text = String(repeating: "0123456789abcdef", count: 100_000)
        let json = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
        let stream = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n"
        let event = "data: \(String(repeating: "a", count: 1000))\n\n"
        try await TemporaryDirectory.run { directory in
            let certificates = try TestCertificates(directory)
            try await Self.run(
                try certificates.server(), trusting: certificates.authority,
                script: { number in
                    switch number {
                    case 0: [.send("\(json)Content-Length: \(text.utf8.count)\r\n\r\n\(text)")]
                    case 1: [.send("\(json)\r\n{}"), .close]
                    default: [.send(stream)] + (0..<5000).map { _ in .send(event) } + [.close]
                    }
                }
            ) { pool, server in
                #expect(
                    await pool.post(text).all() == ["head 200 json", "message 1600000 bytes", "ended"])
                #expect(await pool.post("{}").all() == Self.whole)
                let request = await pool.listen()
                await pool.pause(request, true)
                await pool.pause(request, false)
                #expect(await request.all().count == 5002)
                #expect(server.requests[0].utf8.count > 1_600_000)
                while await pool.openConnections > 0 { await Task.yield() }
            }
        }
    }

    @Test("The CLI's client speaks TLS as well and tells the same reasons")
    func fetches() async throws {
        try await TemporaryDirectory.run { directory in
            let certificates = try TestCertificates(directory)
            let server = try await RawServer.start(tls: try certificates.server()) { _ in [.send(Self.answer)]
            }
            let trusting = HTTPFetch(tls: ClientTLS(extraRootsFile: certificates.authority))
            let answer = try await trusting.post("https://localhost:\(server.port)/", body: Array("{}".utf8))
            #expect(answer.status == 200)
            #expect(answer.body == Array("{}".utf8))
            await #expect(throws: HTTPFetch.Failure.unreachable(Fault.noAuthority.reason)) {
                try await HTTPFetch(tls: ClientTLS(extraRootsFile: nil)).get(
                    "https://localhost:\(server.port)/")
            }
            await #expect(throws: HTTPFetch.Failure.unreachable(Fault.noRoots.reason)) {
                try await HTTPFetch(tls: ClientTLS(extraRootsFile: "/nowhere/ca.pem"))
                    .get("https://localhost:\(server.port)/")
            }
            await server.stop()
        }
    }
}
