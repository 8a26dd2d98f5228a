import Sessions

/// What the connections of one listener on one loop share. Confined to the loop.
final class HTTPService {
    let front: any HTTPFront
    let limits: HTTPServerLimits
    var rules: HostRules
    private let gauge: ConnectionGauge
    private let foreign: @Sendable (ForeignRequest) -> Void
    private var connections: [ObjectIdentifier: HTTPServerConnection] = [:]
    private(set) var isDraining = false

    init(
        front: any HTTPFront, limits: HTTPServerLimits, rules: HostRules, gauge: ConnectionGauge,
        foreign: @escaping @Sendable (ForeignRequest) -> Void
    ) {
        self.foreign = foreign
        self.front = front
        self.limits = limits
        self.rules = rules
        self.gauge = gauge
    }

    func opened(_ connection: HTTPServerConnection) {
        connections[ObjectIdentifier(connection)] = connection
        connection.isDraining = isDraining
    }

    func closed(_ connection: HTTPServerConnection) {
        guard connections.removeValue(forKey: ObjectIdentifier(connection)) != nil else { return }
        gauge.close()
    }

    func refused(_ refusal: HTTPRefusal) { gauge.refuse(refusal.status) }

    func turnedAway(_ request: ForeignRequest) { foreign(request) }

    /// Closes idle connections, and each other one after its answer.
    func drain() {
        isDraining = true
        for connection in connections.values { connection.drain() }
    }

    func closeAll() {
        for connection in connections.values { connection.close() }
    }
}
