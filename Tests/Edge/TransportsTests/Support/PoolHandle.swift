import Sessions

@testable import Transports

/// A client pool used from a test: each step runs on the pool's loop.
final class PoolHandle: Sendable {
    struct Request: Sendable {
        let observer: TestObserver
        let exchange: Confined<any UpstreamExchange>

        func all() async -> [String] { await observer.all() }
    }

    private let loop: NIOLoop
    private let pool: Confined<HTTPClientPool>
    let gauge: PoolGauge

    private init(_ loop: NIOLoop, _ pool: Confined<HTTPClientPool>, _ gauge: PoolGauge) {
        self.loop = loop
        self.pool = pool
        self.gauge = gauge
    }

    static func make(
        _ endpoint: HTTPEndpoint, _ loops: EventLoops, _ limits: HTTPClientLimits,
        tls: ClientTLS = ClientTLS(extraRootsFile: nil)
    ) async -> PoolHandle {
        let loop = loops.all[0]
        let gauge = PoolGauge()
        let pool = await withCheckedContinuation { continuation in
            loop.execute {
                let pool = HTTPClientPool(endpoint, on: loop, limits: limits, tls: tls, gauge: gauge)
                continuation.resume(returning: Confined(pool))
            }
        }
        return PoolHandle(loop, pool, gauge)
    }

    private func run<Value: Sendable>(_ body: @escaping @Sendable (HTTPClientPool) -> Value) async -> Value {
        await withCheckedContinuation { continuation in
            loop.execute { continuation.resume(returning: body(self.pool.value)) }
        }
    }

    func post(_ body: String, _ headers: UpstreamHeaders = UpstreamHeaders()) async -> Request {
        let observer = TestObserver()
        let exchange = await run { Confined($0.post(Array(body.utf8), headers, observer)) }
        return Request(observer: observer, exchange: exchange)
    }

    func listen() async -> Request {
        let observer = TestObserver()
        let exchange = await run { Confined($0.listen(UpstreamHeaders(), observer)) }
        return Request(observer: observer, exchange: exchange)
    }

    func cancel(_ request: Request) async {
        await run { _ in request.exchange.value.cancel() }
        request.observer.stop()
    }

    func pause(_ request: Request, _ paused: Bool) async {
        await run { _ in request.exchange.value.pauseReading(paused) }
    }

    func retire() async { await run { $0.retire() } }

    var openConnections: Int { get async { await run { $0.openCount } } }
}
