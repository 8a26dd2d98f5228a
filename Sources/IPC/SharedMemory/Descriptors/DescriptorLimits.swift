/// What clients of a descriptor socket may use up.
package struct DescriptorLimits: Sendable {
    /// Connections at once; further ones wait in the kernel's queue.
    package var maxConnections = 16
    /// From a connection's start to its end.
    package var connectionMilliseconds: UInt64 = 2000

    package init() {}
}
