import Telemetry

/// What a line peer may send and leave unread.
package struct LineLimits: Sendable {
    package var maxLineBytes = 4 << 20
    /// Unread bytes above which `LineChannel.isWritable` is false.
    package var highWaterBytes = 256 * 1024
    /// What messages that are coming in or going out are counted in; nil counts none.
    package var memory: MemoryAccount?

    package init() {}
}
