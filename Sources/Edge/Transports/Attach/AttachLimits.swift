/// What clients of the control socket may use up.
package struct AttachLimits: Sendable {
    /// Connections at once; further ones are closed.
    package var maxConnections = 16
    package var maxLineBytes = 64 * 1024
    /// From a connection's start to its request.
    package var requestTimeout = Duration.seconds(5)
    /// From the offer to the confirmation that the descriptors changed hands.
    package var confirmationTimeout = Duration.seconds(7)
    /// Unread bytes above which a client that does not read is dropped.
    package var maxUnreadBytes = 64 * 1024

    package init() {}
}
