/// Changes that a store makes together or not at all; a later one of a key wins.
public struct WriteBatch: Equatable, Sendable {
    public enum Operation: Equatable, Sendable {
        case put(Family, key: [UInt8], value: [UInt8])
        case delete(Family, key: [UInt8])
        case deleteRange(Family, KeyRange)
    }

    public private(set) var operations: [Operation] = []
    /// All keys and values together.
    public private(set) var bytes = 0
    public private(set) var longestKey = 0
    public private(set) var longestValue = 0

    public init() {}

    public var isEmpty: Bool { operations.isEmpty }

    public mutating func put(_ value: [UInt8], for key: [UInt8], in family: Family) {
        operations.append(.put(family, key: key, value: value))
        count(key)
        longestValue = max(longestValue, value.count)
        bytes += value.count
    }

    /// Deleting a key that isn't there changes nothing.
    public mutating func delete(_ key: [UInt8], in family: Family) {
        operations.append(.delete(family, key: key))
        count(key)
    }

    public mutating func delete(_ range: KeyRange, in family: Family) {
        operations.append(.deleteRange(family, range))
        count(range.lower)
        if let upper = range.upper { count(upper) }
    }

    /// Adds the changes of `other` after its own.
    public mutating func append(_ other: WriteBatch) {
        operations += other.operations
        bytes += other.bytes
        longestKey = max(longestKey, other.longestKey)
        longestValue = max(longestValue, other.longestValue)
    }

    private mutating func count(_ key: [UInt8]) {
        bytes += key.count
        longestKey = max(longestKey, key.count)
    }
}
