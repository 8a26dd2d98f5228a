import NIOCore

/// The one buffer into which all channels of a loop read, so that an idle connection holds none.
///
/// A reader takes the buffer before the read and gives it back when the bytes are used up; a reader that
/// comes in between gets a new one. Confined to its loop.
final class SharedReadBuffer {
    private let capacity: Int
    private var buffer: ByteBuffer?

    init(capacity: Int) { self.capacity = capacity }

    func take(_ allocator: ByteBufferAllocator) -> ByteBuffer {
        guard var buffer = buffer.take() else { return allocator.buffer(capacity: capacity) }
        buffer.clear()
        return buffer
    }

    func giveBack(_ used: consuming ByteBuffer) {
        if used.storageCapacity >= capacity { buffer = used }
    }

    /// The allocator for one channel of this loop; the channel must read once a turn (`maxMessagesPerRead`
    /// 1).
    var allocator: some RecvByteBufferAllocator { SharedReadAllocator(self) }
}

/// Lets a channel read into its loop's shared buffer.
///
/// NIO keeps the first buffer it is given for as long as the channel lives, so that one is small. From then
/// on `record` says that the next may be bigger, which makes NIO ask each time and keep none.
private struct SharedReadAllocator: RecvByteBufferAllocator, @unchecked Sendable {
    // Proof of Sendable: NIO calls the allocator of a channel on the channel's loop only, to which `shared`
    // is confined.
    private static let firstBytes = 256

    private let shared: SharedReadBuffer
    private var hasRead = false

    init(_ shared: SharedReadBuffer) { self.shared = shared }

    func buffer(allocator: ByteBufferAllocator) -> ByteBuffer {
        hasRead ? shared.take(allocator) : allocator.buffer(capacity: Self.firstBytes)
    }

    mutating func record(actualReadBytes: Int) -> Bool {
        hasRead = true
        return true
    }
}
