/// The decoder gave up on a connection's bytes.
struct DecodeFailure: Error {
    /// NIO's `HTTPParserError` or `NIOHTTPDecoderError`.
    let reason: any Error
}
