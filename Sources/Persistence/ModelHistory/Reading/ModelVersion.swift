/// A version of a model with the bytes of its parts.
public struct ModelVersion: Equatable, Sendable {
    public let id: ObjectID
    public let commit: ModelCommit
    public let parts: [String: [UInt8]]
}
