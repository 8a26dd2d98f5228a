/// One of the two ways of speaking the protocol: with a session and a handshake, or stateless.
package enum Era: UInt8, Hashable, Sendable {
    /// 2024-11-05 to 2025-11-25: `initialize` first, then a session.
    case legacy
    /// 2026-07-28: every request carries its own `_meta`.
    case modern
}
