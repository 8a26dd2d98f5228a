import CSharedMemory

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
    private let memory: UnsafeMutableRawPointer
    let count: Int
    /// Begins on a line of the processor's cache, so that no element lies across more of them than it must.
    private static var line: Int { 64 }

    /// Zeros have to be an element.
    init(count: Int) {
        self.count = count
        guard let memory = unsafe calloc(count * MemoryLayout<Element>.stride + Self.line, 1) else {
            fatalError("out of memory")
        }
        unsafe self.memory = unsafe memory
        unsafe start = memory.alignedUp(toMultipleOf: Self.line).bindMemory(to: Element.self, capacity: count)
    }

    deinit { unsafe free(memory) }

    /// Has the element fetched before it is needed.
    func prefetch(_ index: Int) { unsafe cshared_prefetch(start + min(index, count)) }

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
