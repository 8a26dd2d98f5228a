import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL

/// A small HTTP client for the command line: one request a connection, whole answers or lines as they come.
///
/// It takes any header field as it comes, and is never on the path of a call.
package struct HTTPFetch: Sendable {
    package enum Failure: Error, Equatable, Sendable {
        case badURL(String)
        /// No connection came about: the gateway does not run, or listens elsewhere.
        case unreachable(String)
        case timedOut(Duration)
        /// The connection broke, or the answer is not HTTP.
        case broken(String)
        case tooLarge(bytes: Int)
    }

    package struct Answer: Sendable {
        package let status: Int
        package let headers: [(name: String, value: String)]
        package let body: [UInt8]

        /// The first field with the name, compared without regard to case.
        package func header(_ name: String) -> String? {
            headers.first { $0.name.lowercased() == name.lowercased() }?.value
        }
    }

    /// Parts that came and nobody took; a reader that falls behind further loses the connection.
    private static let maxBufferedParts = 16_384

    private let group: any EventLoopGroup
    private let timeout: Duration
    private let maxBodyBytes: Int
    private let tls: ClientTLS

    /// - Parameters:
    ///   - timeout: for connecting, and for a whole answer; a stream may go on for ever once it has begun.
    ///   - maxBodyBytes: the largest answer; of a stream, the longest line.
    package init(
        timeout: Duration = .seconds(30), maxBodyBytes: Int = 64 << 20, tls: ClientTLS = .system,
        group: any EventLoopGroup = MultiThreadedEventLoopGroup.singleton
    ) {
        self.timeout = timeout
        self.maxBodyBytes = maxBodyBytes
        self.tls = tls
        self.group = group
    }

    package func get(_ url: String, headers: [(name: String, value: String)] = []) async throws(Failure)
        -> Answer
    {
        try await request(.GET, url, headers, [])
    }

    package func post(
        _ url: String, headers: [(name: String, value: String)] = [], body: [UInt8]
    ) async throws(Failure) -> Answer {
        try await request(.POST, url, headers, body)
    }

    private func request(
        _ method: HTTPMethod, _ url: String, _ headers: [(name: String, value: String)], _ body: [UInt8]
    ) async throws(Failure) -> Answer {
        let parts = try await parts(method, url, headers, body, isStream: false)
        var bytes: [UInt8] = []
        var head: HTTPResponseHead?
        do {
            for try await part in parts {
                switch part {
                case .head(let received): head = received
                case .body(let piece): bytes += Array(buffer: piece)
                case .end: break
                }
                guard bytes.count <= maxBodyBytes else { throw Failure.tooLarge(bytes: bytes.count) }
            }
        } catch {
            throw error as? Failure ?? .broken("\(error)")
        }
        guard let head else { throw .broken("no answer came") }
        return Answer(
            status: Int(head.status.code), headers: head.headers.map { ($0.name, $0.value) }, body: bytes)
    }

    /// The lines of an answer, such as those of an event stream, without their ends and without empty ones.
    ///
    /// - Returns: the status, and the lines as they come; the sequence throws `Failure`.
    package func lines(
        _ url: String, headers: [(name: String, value: String)] = []
    ) async throws(Failure) -> (status: Int, lines: AsyncThrowingStream<[UInt8], any Error>) {
        let parts = try await parts(.GET, url, headers, [], isStream: true)
        var iterator = parts.makeAsyncIterator()
        do {
            guard case .head(let head)? = try await iterator.next() else {
                throw Failure.broken("no answer came")
            }
            return (Int(head.status.code), Self.lines(parts, maxLineBytes: maxBodyBytes))
        } catch {
            throw error as? Failure ?? .broken("\(error)")
        }
    }

    private static func lines(
        _ parts: AsyncThrowingStream<HTTPClientResponsePart, any Error>, maxLineBytes: Int
    ) -> AsyncThrowingStream<[UInt8], any Error> {
        let framing = LineSequenceState(parts, maxLineBytes: maxLineBytes)
        return AsyncThrowingStream { try await framing.next() }
    }

    private func parts(
        _ method: HTTPMethod, _ url: String, _ headers: [(name: String, value: String)], _ body: [UInt8],
        isStream: Bool
    ) async throws(Failure) -> AsyncThrowingStream<HTTPClientResponsePart, any Error> {
        let endpoint: HTTPEndpoint
        do throws(HTTPEndpoint.Problem) {
            endpoint = try HTTPEndpoint(url: url)
        } catch {
            throw .badURL("\(error)")
        }
        var fields = HTTPHeaders(headers.map { ($0.name, $0.value) })
        fields.replaceOrAdd(name: "Host", value: endpoint.authority)
        fields.replaceOrAdd(name: "Connection", value: "close")
        if method == .POST {
            fields.replaceOrAdd(name: "Content-Length", value: String(body.count))
            if !fields.contains(name: "Content-Type") {
                fields.add(name: "Content-Type", value: "application/json")
            }
        }
        let head = HTTPRequestHead(version: .http1_1, method: method, uri: endpoint.target, headers: fields)
        let (stream, continuation) = AsyncThrowingStream.makeStream(
            of: HTTPClientResponsePart.self, throwing: (any Error).self,
            bufferingPolicy: .bufferingOldest(Self.maxBufferedParts))
        do {
            let settings = try await encryption(endpoint)
            _ = try await ClientBootstrap(group: group)
                .connectTimeout(TimeAmount(timeout))
                .channelInitializer { [timeout] channel in
                    channel.eventLoop.makeCompletedFuture {
                        let pipeline = channel.pipeline.syncOperations
                        if let settings {
                            try pipeline.addHandler(
                                NIOSSLClientHandler(context: settings, serverHostname: endpoint.serverName))
                        }
                        try pipeline.addHTTPClientHandlers()
                        try pipeline.addHandler(
                            HTTPFetchHandler(
                                head, body, timeout: timeout, isStream: isStream, parts: continuation))
                    }
                }
                .connect(host: endpoint.host, port: endpoint.port).get()
        } catch ChannelError.connectTimeout {
            throw .timedOut(timeout)
        } catch {
            throw .unreachable(ConnectionProblem(error, timeout: timeout).text)
        }
        return stream
    }

    private func encryption(_ endpoint: HTTPEndpoint) async throws -> NIOSSLContext? {
        guard endpoint.isEncrypted else { return nil }
        return try await NIOThreadPool.singleton.runIfActive { [tls] in try tls.context() }
    }
}
