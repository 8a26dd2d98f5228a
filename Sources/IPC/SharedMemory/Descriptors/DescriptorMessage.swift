/// Bytes and the descriptors that travel with them.
package struct DescriptorMessage: Sendable {
    /// The longest message.
    package static let maxBytes = 64 * 1024
    /// The most descriptors with one message, which the C shim has room for.
    package static let maxDescriptors = 16
    /// A message is preceded by the count of its bytes, a little-endian 32-bit integer.
    static let prefixBytes = 4

    package var bytes: [UInt8]
    package var descriptors: [SharedDescriptor]

    package init(bytes: [UInt8], descriptors: [SharedDescriptor] = []) {
        self.bytes = bytes
        self.descriptors = descriptors
    }

    var framed: [UInt8] {
        let count = UInt32(bytes.count)
        return (0..<4).map { UInt8(truncatingIfNeeded: count >> (8 * $0)) } + bytes
    }

    /// The count that the first four bytes give; nil for fewer.
    static func announcedBytes(_ bytes: [UInt8]) -> Int? {
        guard bytes.count >= prefixBytes else { return nil }
        return bytes.prefix(prefixBytes).reversed().reduce(0) { $0 << 8 | Int($1) }
    }
}
