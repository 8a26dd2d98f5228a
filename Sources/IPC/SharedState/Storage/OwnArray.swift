#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// An array of a fixed length that begins as zeros, in the owner's own memory.
///
/// Memory of which nothing was ever written takes no room.
@safe
struct OwnArray<Element: BitwiseCopyable>: ~Copyable, @unchecked Sendable {
    // Proof: it is the only one that knows the address, it is not copied, and writing to it takes exclusive
    // access.
    private let start: UnsafeMutablePointer<Element>
    let count: Int

    /// Zeros have to be an element.
    init(count: Int) {
        self.count = count
        guard let memory = unsafe calloc(max(count, 1), MemoryLayout<Element>.stride) else {
            fatalError("out of memory")
        }
        unsafe start = memory.bindMemory(to: Element.self, capacity: max(count, 1))
    }

    deinit { unsafe free(start) }

    subscript(index: Int) -> Element {
        _read {
            precondition(index >= 0 && index < count)
            yield unsafe start[index]
        }
        _modify {
            precondition(index >= 0 && index < count)
            yield unsafe &start[index]
        }
    }
}
