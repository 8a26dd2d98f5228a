/// The gateway's answer to a request that it takes.
package struct AttachOffer: Sendable, Equatable, Codable {
    /// To be presented on the descriptors' socket, once: 64 hexadecimal digits.
    package var token: String
    /// How long the token can be used.
    package var expiresMilliseconds: Int
    /// Absent for a viewer.
    package var grant: AttachGrant?
    /// Of the gateway's own segment: another one means that the gateway was started anew.
    package var generation: UInt64
    /// The name of the descriptors' socket, which lies beside this connection's.
    package var descriptors: String

    private enum CodingKeys: String, CodingKey {
        case token, grant, generation, descriptors
        case expiresMilliseconds = "expires_ms"
    }

    package init(
        token: String, expiresMilliseconds: Int, grant: AttachGrant?, generation: UInt64, descriptors: String
    ) {
        self.token = token
        self.expiresMilliseconds = expiresMilliseconds
        self.grant = grant
        self.generation = generation
        self.descriptors = descriptors
    }
}
