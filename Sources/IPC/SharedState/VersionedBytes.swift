import CSharedMemory

/// A value and the version under which it was read; versions are even, and only grow for one key of one
/// table.
public struct VersionedBytes: Hashable, Sendable {
    public var bytes: [UInt8]
    public var version: UInt64

    @inlinable
    public init(bytes: [UInt8], version: UInt64) {
        self.bytes = bytes
        self.version = version
    }

    @inlinable
    init(copying value: UnsafeRawBufferPointer, version: UInt64) {
        self.version = version
        bytes = unsafe [UInt8](unsafeUninitializedCapacity: value.count) { target, count in
            if let from = value.baseAddress, let to = target.baseAddress {
                unsafe cshared_copy_racing(to, from, value.count)
            }
            count = value.count
        }
    }
}
