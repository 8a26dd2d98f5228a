import Glibc

/// Bytes between two pages that nobody may touch, so that a step out of them ends the process.
@safe
final class GuardedBytes {
    private static let page = 4096
    private let start: UnsafeMutableRawPointer
    let count: Int

    /// - Parameter bytes: a multiple of 4096 of them.
    init(_ bytes: [UInt8]) {
        precondition(bytes.count.isMultiple(of: Self.page))
        count = bytes.count
        let whole = count + 2 * Self.page
        // Proof: a new mapping of that size, which is unmapped with the object and never moved.
        unsafe start = mmap(nil, whole, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
        // Proof: the middle of the mapping, without its first and last page.
        let opened = unsafe mprotect(start + Self.page, count, PROT_READ | PROT_WRITE)
        precondition(opened == 0)
        fill(bytes)
    }

    // Proof: as it was mapped.
    deinit { unsafe munmap(start, count + 2 * Self.page) }

    // Proof: the page behind the first guard begins here.
    var base: UnsafeMutableRawPointer { unsafe start + Self.page }

    func fill(_ bytes: [UInt8]) {
        // Proof: both have `count` bytes.
        unsafe UnsafeMutableRawBufferPointer(start: base, count: count).copyBytes(from: bytes)
    }
}
