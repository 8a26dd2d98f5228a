import Telemetry

/// What one loop's connections to one server may use.
package struct HTTPClientLimits: Sendable {
    package var maxConnections = 512
    /// Requests that wait for a connection; more are refused at once.
    package var maxWaiting = 4096
    /// The largest answer, or event of an event stream.
    package var maxMessageBytes = 4 << 20
    package var connectTimeout: Duration = .seconds(5)
    /// An unused connection is closed after this many seconds.
    package var idleSeconds: UInt32 = 60
    package var highWaterBytes = 256 * 1024
    /// What messages that are coming in or going out are counted in; nil counts none.
    package var memory: MemoryAccount?

    package init() {}
}
