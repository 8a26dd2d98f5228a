import Sessions

/// From which severity on a legacy server sends log messages on one link.
struct LinkLevel {
    /// What the server was last told; nil if nothing.
    var level: LogLevel?
    /// How many times it has been told without having answered.
    var unanswered = 0
    /// What comes after its answer.
    var waiters: [@Sendable () -> Void] = []
}

extension UpstreamLink {
    /// Tells a legacy server with logs from which severity on its client wants them. Callable on any loop.
    func setLevel(_ level: LogLevel, from loop: LoopGateway) {
        guard let facts, facts.era == .legacy, facts.offers(.logging) else { return }
        withLevel {
            $0.level = level
            $0.unanswered += 1
        }
        let id = loop.takeRequestID()
        let body = GatewayMessages.setLevel(id: id, level)
        AsideRequest.send(body, id: id, .session(facts), self, from: loop) { _ in
            let waiters = self.withLevel { state in
                state.unanswered -= 1
                guard state.unanswered == 0 else { return [] as [@Sendable () -> Void] }
                defer { state.waiters = [] }
                return state.waiters
            }
            for waiter in waiters { waiter() }
        }
    }

    /// Sees to it that the server sends log messages of this severity, and that no request overtakes what it
    /// is told.
    /// - Parameters:
    ///   - level: nil if no more than was asked for is wanted.
    ///   - body: called on `loop` when the server has answered.
    /// - Returns: false if there is nothing to wait for.
    func awaitLevel(
        _ level: LogLevel?, from loop: LoopGateway, _ body: @escaping @Sendable () -> Void
    ) -> Bool {
        if let level, withLevel({ $0.level.map { level < $0 } ?? true }) { setLevel(level, from: loop) }
        // What is written to a process is read in order.
        guard hub.plan.transport == .http else { return false }
        return withLevel { state in
            guard state.unanswered > 0 else { return false }
            state.waiters.append { loop.run(body) }
            return true
        }
    }
}
