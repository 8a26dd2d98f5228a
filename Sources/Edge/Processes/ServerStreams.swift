import Glibc

/// The three pipes of a server, before it runs.
struct ServerStreams: ~Copyable, Sendable {
    /// The ends that the gateway keeps.
    struct Near: ~Copyable, Sendable {
        let input: OwnedDescriptor
        let output: OwnedDescriptor
        let standardError: OwnedDescriptor
    }

    /// The ends that become the process's standard streams. The gateway's copies are closed once it runs, or
    /// no end of file would ever be seen.
    struct Far: ~Copyable, Sendable {
        let input: OwnedDescriptor
        let output: OwnedDescriptor
        let standardError: OwnedDescriptor
    }

    let near: Near
    let far: Far

    init() throws(SystemError) {
        let input = try Pipe()
        let output = try Pipe()
        let standardError = try Pipe()
        near = Near(input: input.writing, output: output.reading, standardError: standardError.reading)
        far = Far(input: input.reading, output: output.writing, standardError: standardError.writing)
    }

    /// Fails unless `count` more descriptors can be opened now.
    ///
    /// swift-subprocess cannot follow a process for which it got no process descriptor, so a start that would
    /// take the last ones is refused instead.
    func requireRoom(for count: Int) throws(SystemError) {
        var spare: [Int32] = []
        defer { for descriptor in spare { close(descriptor) } }
        for _ in 0..<count {
            let descriptor = fcntl(near.input.rawValue, F_DUPFD_CLOEXEC, 0)
            guard descriptor >= 0 else { throw SystemError(errno: errno) }
            spare.append(descriptor)
        }
    }
}
