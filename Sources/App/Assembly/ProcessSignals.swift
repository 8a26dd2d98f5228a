// Proof: the sources are only cancelled from another thread, which Dispatch allows.
@unsafe @preconcurrency import Dispatch

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// The signals that the gateway answers to.
package enum ProcessSignal: Sendable {
    /// SIGTERM or SIGINT: drain and stop; a second one stops at once.
    case stop
    /// SIGHUP: load the configuration anew and open the log file anew.
    case reload

    /// The signals as they come; the process no longer dies of them, nor of SIGPIPE.
    package static func all() -> AsyncStream<ProcessSignal> {
        AsyncStream { continuation in
            signal(SIGPIPE, SIG_IGN)
            let sources = [(SIGTERM, ProcessSignal.stop), (SIGINT, .stop), (SIGHUP, .reload)].map { pair in
                let (number, meaning) = pair
                signal(number, SIG_IGN)
                let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
                source.setEventHandler { continuation.yield(meaning) }
                source.resume()
                return source
            }
            continuation.onTermination = { _ in for source in sources { source.cancel() } }
        }
    }
}

extension GatewayProgram {
    /// Serves until a signal ends it.
    /// - Returns: the exit code.
    package func serve(_ signals: AsyncStream<ProcessSignal> = ProcessSignal.all()) async -> Int32 {
        for await signal in signals {
            switch signal {
            case .reload:
                try? log.sink.reopen()
                noteReload(origin: "signal", await reload())
            case .stop:
                // A second signal finds nobody waiting for it: the kernel's default would be too rude to
                // servers, so it cuts the drain short instead.
                let stopping = Task { await self.stop() }
                let impatience = Task { await self.hurry(signals) }
                await stopping.value
                impatience.cancel()
                return 0
            }
        }
        return 0
    }

    private func hurry(_ signals: AsyncStream<ProcessSignal>) async {
        for await signal in signals where signal == .stop { return cutDrainShort() }
    }
}
