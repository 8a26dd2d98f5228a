#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// A file descriptor read and written with calls that wait, on a thread of the caller's own.
///
/// Works on pipes, regular files, `/dev/null`, terminals and sockets. The descriptor's flags are never
/// changed, since they are shared with whoever else has the same terminal; where somebody set it
/// non-blocking, `poll` waits.
struct BlockingDescriptor: Sendable {
    enum Failure: Error, Equatable { case failed(errno: CInt) }

    let number: CInt

    /// Waits for bytes.
    /// - Returns: the bytes read, empty at the end of the input.
    func read(upTo count: Int) throws(Failure) -> [UInt8] {
        var failure: CInt = 0
        // Proof: `read` fills at most `count` bytes, the room that the buffer has, and `filled` counts them.
        let bytes = unsafe [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
            repeat {
                // Proof: the buffer has room for `count` bytes, and `filled` counts those that read wrote.
                #if canImport(Glibc)
                    let read = unsafe Glibc.read(number, buffer.baseAddress, count)
                #else
                    let read = unsafe Darwin.read(number, buffer.baseAddress, count)
                #endif
                failure = read < 0 ? errno : 0
                filled = max(0, read)
            } while isTransient(failure, POLLIN)
        }
        guard failure == 0 else { throw .failed(errno: failure) }
        return bytes
    }

    /// Writes all bytes, waiting as long as it takes.
    func write(_ bytes: [UInt8]) throws(Failure) {
        var done = 0
        while done < bytes.count {
            // Proof: the pointer is used within the closure, and `done` is below `count`.
            let written = unsafe bytes.withUnsafeBytes { buffer in
                let rest = unsafe UnsafeRawBufferPointer(rebasing: buffer[done...])
                #if canImport(Glibc)
                    return unsafe Glibc.write(number, rest.baseAddress, rest.count)
                #else
                    return unsafe Darwin.write(number, rest.baseAddress, rest.count)
                #endif
            }
            if written >= 0 {
                done += written
            } else {
                let failure = errno
                guard isTransient(failure, POLLOUT) else { throw .failed(errno: failure) }
            }
        }
    }

    /// True if the call is to be made again: it was interrupted, or the descriptor is non-blocking and ready
    /// by now.
    private func isTransient(_ failure: CInt, _ event: CInt) -> Bool {
        if failure == EINTR { return true }
        guard failure == EAGAIN || failure == EWOULDBLOCK else { return false }
        var entry = pollfd(fd: number, events: Int16(event), revents: 0)
        // Proof: one entry is passed, and it outlives the call.
        _ = unsafe poll(&entry, 1, -1)
        return true
    }
}
