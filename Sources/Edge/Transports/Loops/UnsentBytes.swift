import NIOCore
import Telemetry

/// What was written to one channel and has not left the process, counted in the gateway's budget.
///
/// Asking the channel costs more than most messages do, so it is asked after large writes, when the channel
/// becomes writable again, and from time to time while anything is unsent.
struct UnsentBytes {
    /// Writes of so much are looked at when they are flushed.
    private static let largeBytes = 16 << 10

    private var held: HeldBytes
    private var written = 0

    init(_ account: MemoryAccount?) { held = HeldBytes(account) }

    mutating func wrote(_ bytes: Int) { written += bytes }

    /// The channel was flushed.
    /// - Returns: false if there is no room for what it could not send.
    mutating func flushed(_ channel: any Channel) -> Bool {
        guard written >= Self.largeBytes || held.count > 0 else { return true }
        return recount(channel)
    }

    /// - Returns: false if there is no room for what the channel could not send.
    mutating func recount(_ channel: any Channel) -> Bool {
        guard written > 0 || held.count > 0 else { return true }
        written = 0
        let unsent = try? channel.syncOptions?.getOption(ChannelOptions.bufferedWritableBytes)
        return held.force(unsent ?? 0)
    }

    /// The channel is gone.
    mutating func clear() { _ = held.set(0) }
}
