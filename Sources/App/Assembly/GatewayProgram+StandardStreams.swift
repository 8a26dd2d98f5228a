import Sessions
import Transports

extension GatewayProgram {
    /// Serves one client over the process's own standard streams, until its input ends or a signal comes.
    /// - Returns: the exit code.
    package func serveStandardStreams(_ signals: AsyncStream<ProcessSignal>) async -> Int32 {
        let limits = LineLimits(configuration, memory.protocolHandlers)
        let (gateway, loop) = (self.gateway, loops.all[0])
        let client = await withCheckedContinuation { continuation in
            loop.execute {
                let channel = StandardStreamChannel(on: loop, limits: limits) { channel in
                    gateway.loops[0].connected(channel, path: "/mcp")
                }
                continuation.resume(returning: channel)
            }
        }
        return await withTaskGroup(of: Bool.self) { group in
            group.addTask {
                await client.untilClosed()
                return true
            }
            group.addTask {
                _ = await self.serve(signals)
                return false
            }
            if await group.next() == true { await self.stop(hurried: true) }
            group.cancelAll()
            return 0
        }
    }
}
