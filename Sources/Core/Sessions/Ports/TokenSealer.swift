/// Seals small values that leave the gateway and come back through hands that it does not trust: session ids,
/// the `requestState` of parked calls, task ids. Used from any thread.
package protocol TokenSealer: Sendable {
    /// Encrypts and authenticates `value`.
    ///
    /// - Parameter context: what the token is bound to, for example its purpose and its principal; not
    ///   carried in the token.
    /// - Returns: letters, digits, `-` and `_` (base64url, RFC 4648 section 5).
    func seal(_ value: [UInt8], context: [UInt8]) -> String

    /// - Returns: nil unless `token` was sealed with a known key for this context.
    func open(_ token: String, context: [UInt8]) -> [UInt8]?
}
