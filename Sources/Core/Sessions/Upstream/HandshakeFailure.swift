/// Why an upstream session could not be opened.
package enum HandshakeFailure: Error, Hashable, Sendable {
    package enum Step: String, Hashable, Sendable {
        case discover = "server/discover"
        case initialize
    }
}
