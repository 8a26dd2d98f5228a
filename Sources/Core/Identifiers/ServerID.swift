/// Names one configured MCP server for as long as the process lives; a removed server's number is never given
/// again.
public struct ServerID: Hashable, Sendable {
    public let rawValue: UInt16

    @inlinable
    public init(_ rawValue: UInt16) { self.rawValue = rawValue }
}

extension ServerID: Comparable {
    @inlinable
    public static func < (left: ServerID, right: ServerID) -> Bool { left.rawValue < right.rawValue }
}
