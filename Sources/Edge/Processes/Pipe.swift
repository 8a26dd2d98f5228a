import Glibc

/// A pipe whose ends are both close-on-exec.
///
/// The flag is set after the ends exist (Swift's C library module has no `pipe2`). That leaves no gap in
/// which a child of this program could inherit them, since swift-subprocess closes everything above the
/// standard streams in every child; the flag is the second lock, against a fork by other code.
struct Pipe: ~Copyable, Sendable {
    let reading: OwnedDescriptor
    let writing: OwnedDescriptor

    init() throws(SystemError) {
        var ends: [Int32] = [-1, -1]
        // Proof: `pipe` writes exactly two integers, and the array has two.
        guard unsafe pipe(&ends) == 0 else { throw SystemError(errno: errno) }
        let first = OwnedDescriptor(ends[0])
        let second = OwnedDescriptor(ends[1])
        for end in ends where fcntl(end, F_SETFD, FD_CLOEXEC) != 0 { throw SystemError(errno: errno) }
        reading = first
        writing = second
    }
}
