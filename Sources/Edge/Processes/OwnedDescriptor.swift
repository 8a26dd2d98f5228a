import Glibc

/// A file descriptor that is closed when its owner lets go of it.
struct OwnedDescriptor: ~Copyable, Sendable {
    let rawValue: Int32

    init(_ rawValue: Int32) {
        self.rawValue = rawValue
    }

    deinit {
        close(rawValue)
    }

    /// Hands the descriptor on, open.
    consuming func release() -> Int32 {
        let descriptor = rawValue
        discard self
        return descriptor
    }
}
