import CSharedMemory
import Glibc

/// A mapped file and its descriptor; both go when the last reference goes.
@safe
public final class SharedMapping: @unchecked Sendable {
    // Proof: its fields never change, and what is mapped is reached by atomic words or by bytes that one
    // process writes.
    let start: UnsafeMutableRawPointer
    public let bytes: UInt64
    /// Closed with the mapping.
    public let descriptor: Int32

    /// Takes the descriptor, also when it throws.
    init(descriptor: Int32, bytes: UInt64, writable: Bool) throws(SegmentError) {
        var code: Int32 = 0
        guard let start = unsafe cshared_map(descriptor, bytes, writable, &code) else {
            close(descriptor)
            throw .system(.map, code: -code)
        }
        unsafe self.start = start
        self.bytes = bytes
        self.descriptor = descriptor
    }

    deinit {
        unsafe cshared_unmap(start, bytes)
        close(descriptor)
    }
}
