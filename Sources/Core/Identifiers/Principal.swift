/// Who a client is to the gateway: the anonymous principal, or the name that a credential stands for.
public struct Principal: Hashable, Sendable {
    public let name: String

    public init(_ name: String) { self.name = name }

    public static let anonymous = Principal("anonymous")
}
