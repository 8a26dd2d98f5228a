import Telemetry

/// What one HTTP client may send, keep open and leave unread.
package struct HTTPServerLimits: Sendable {
    package var maxBodyBytes = 4 << 20
    /// All header names and values of one request, the target included.
    package var maxHeadBytes = 32 * 1024
    /// One header name or value, or the target.
    package var maxFieldBytes = 16 * 1024
    package var maxFields = 100
    /// Connections of this listener, all loops together.
    package var maxConnections = 20_000
    /// Unread bytes above which `HTTPExchange.isWritable` is false.
    package var highWaterBytes = 256 * 1024
    /// From the first byte of a request to the end of its head, in seconds.
    package var headSeconds: UInt32 = 15
    /// From the head to the end of the body, in seconds.
    package var bodySeconds: UInt32 = 60
    /// Without a request, in seconds.
    package var idleSeconds: UInt32 = 600
    /// Above the high-water mark without the client reading, in seconds.
    package var stallSeconds: UInt32 = 60
    /// What messages that are coming in or going out are counted in; nil counts none.
    package var memory: MemoryAccount?

    package init() {}
}
