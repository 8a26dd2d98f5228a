import Sessions
import Synchronization
import Transports

/// A listener on a port of its own, closed at the end of `body`.
enum TestServer {
    struct Context: Sendable {
        let port: Int
        let log: FrontLog
        let listener: HTTPListener
        /// What was turned away for the host or origin that it named.
        let foreign: ForeignLog
        var host: String { "127.0.0.1:\(port)" }
    }

    static func run<Result>(
        loops count: Int = 1, limits: HTTPServerLimits = HTTPServerLimits(),
        allowedHosts: [String] = [], allowedOrigins: [String] = [],
        answering: @escaping TestFront.Answering = { request, exchange in
            exchange.answer(HTTPAnswer(status: 200, content: .json, body: request.body))
        },
        _ body: (Context) async throws -> Result
    ) async throws -> Result {
        let loops = EventLoops(count: count)
        let log = FrontLog()
        let foreign = ForeignLog()
        let listener = try await HTTPListener.bind(
            host: "127.0.0.1", port: 0, on: loops, limits: limits, allowedHosts: allowedHosts,
            allowedOrigins: allowedOrigins,
            foreign: { request in foreign.requests.withLock { $0.append(request) } },
            front: { _ in TestFront(log, answering) })
        let result: Swift.Result<Result, any Error>
        do {
            let context = Context(port: listener.port, log: log, listener: listener, foreign: foreign)
            result = .success(try await body(context))
        } catch {
            result = .failure(error)
        }
        await listener.stopAccepting()
        await listener.closeAll()
        await loops.shutdown()
        return try result.get()
    }
}

final class ForeignLog: Sendable {
    let requests = Mutex<[ForeignRequest]>([])
}
