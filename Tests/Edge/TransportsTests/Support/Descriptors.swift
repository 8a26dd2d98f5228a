#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// File descriptors for tests of standard streams.
enum Descriptors {
    static func pipe() -> (read: CInt, write: CInt) {
        var ends: [CInt] = [-1, -1]
        // Proof: pipe writes two descriptors, and the array has room for two.
        _ = unsafe ends.withUnsafeMutableBufferPointer { unsafe systemPipe($0.baseAddress) }
        // Other tests start processes at the same time, which must not inherit them.
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        return (ends[0], ends[1])
    }

    static func open(_ path: String, _ flags: CInt) -> CInt {
        // Proof: the path is passed as a C string for the length of the call.
        unsafe systemOpen(path, flags | O_CLOEXEC, 0o600)
    }

    /// A terminal in raw mode: the master's side, and the side that a program has as its standard streams.
    static func terminal() -> (master: CInt, slave: CInt)? {
        #if canImport(Glibc)
            let master = open("/dev/ptmx", O_RDWR | O_NOCTTY)
            var (number, isLocked): (CInt, CInt) = (-1, 0)
            // Proof: both requests take the address of one int, which outlives the call.
            guard unsafe ioctl(master, 0x4004_5431, &isLocked) == 0,
                unsafe ioctl(master, 0x8004_5430, &number) == 0
            else { return nil }
            let name = "/dev/pts/\(number)"
        #else
            let master = posix_openpt(O_RDWR | O_NOCTTY)
            // Proof: ptsname returns a C string that stays valid until its next call, and it is copied at
            // once.
            guard grantpt(master) == 0, unlockpt(master) == 0,
                let name = unsafe ptsname(master).map({ unsafe String(cString: $0) })
            else { return nil }
        #endif
        let slave = open(name, O_RDWR | O_NOCTTY)
        guard slave >= 0 else { return nil }
        var settings = termios()
        // Proof: the settings outlive the calls, each of which is passed one termios.
        unsafe tcgetattr(slave, &settings)
        unsafe cfmakeraw(&settings)
        unsafe tcsetattr(slave, TCSANOW, &settings)
        return (master, slave)
    }

    static func flags(_ descriptor: CInt) -> CInt { fcntl(descriptor, F_GETFL) }

    static func close(_ descriptor: CInt) { _ = systemClose(descriptor) }
}

private func systemClose(_ descriptor: CInt) -> CInt { close(descriptor) }
// Proof: the callers pass room for two descriptors, and a text that ends with a NUL.
private func systemPipe(_ ends: UnsafeMutablePointer<CInt>?) -> CInt { unsafe pipe(ends) }
private func systemOpen(_ path: UnsafePointer<CChar>, _ flags: CInt, _ mode: mode_t) -> CInt {
    unsafe open(path, flags, mode)
}
