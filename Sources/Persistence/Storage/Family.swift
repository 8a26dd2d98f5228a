/// A column family: a key space of its own, with its own order.
public struct Family: Hashable, Sendable {
    /// 1 to 32 letters of a-z, 0-9 and -; `default` is the database's own.
    public let name: String

    public init(_ name: String) { self.name = name }

    static let mostNameBytes = 32

    /// - Throws: `malformedFamily`.
    public func checked() throws(StorageError) -> Family {
        let isWritten = name.utf8.allSatisfy { byte in
            (0x61...0x7A).contains(byte) || (0x30...0x39).contains(byte) || byte == 0x2D
        }
        guard isWritten, (1...Self.mostNameBytes).contains(name.utf8.count), name != "default" else {
            throw .malformedFamily(name)
        }
        return self
    }
}
