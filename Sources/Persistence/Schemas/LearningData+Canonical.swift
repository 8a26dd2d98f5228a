import SwiftProtobuf

extension LearningData {
    /// Its bytes with maps in the order of their keys: the same for the same values on every machine.
    ///
    /// - Throws: never, as proto3 requires no field.
    public func canonicalBytes() throws -> [UInt8] {
        var options = BinaryEncodingOptions()
        options.useDeterministicOrdering = true
        return try serializedBytes(options: options)
    }
}
