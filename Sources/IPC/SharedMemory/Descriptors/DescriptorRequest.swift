/// What a client sends first: a token of fixed length, and perhaps one descriptor.
package struct DescriptorRequest: Sendable {
    /// The length of every token, in bytes.
    package static let tokenBytes = 64

    package let token: [UInt8]
    package let descriptor: SharedDescriptor?
    /// The client's process as the kernel tells it; 0 from another namespace.
    package let processID: Int32
}
