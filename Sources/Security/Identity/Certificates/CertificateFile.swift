import Foundation

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Small PEM files that appear whole or not at all.
enum CertificateFile {
    static let maxBytes = 256 * 1024

    /// - Returns: nil if there is no file.
    static func read(_ path: String) throws(CertificateFault) -> String? {
        // Proof: the pointer is the NUL-terminated copy of a string that lives until the call returns.
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            let number = errno
            if number == ENOENT { return nil }
            throw .cannotRead(path: path, errno: number)
        }
        let file = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
        guard let data = try? file.read(upToCount: maxBytes + 1) ?? Data() else {
            throw .cannotRead(path: path, errno: EIO)
        }
        guard data.count <= maxBytes else { throw .tooLong(path: path) }
        return String(decoding: data, as: UTF8.self)
    }

    /// Writes a file of mode 0600 beside the path and moves it there.
    ///
    /// - Parameter replaces: false leaves alone what another process put there meanwhile.
    static func write(_ text: String, to path: String, replaces: Bool) throws(CertificateFault) {
        let temporary = "\(path).new-\(UInt64.random(in: .min ... .max))"
        // Proof: the pointer is the NUL-terminated copy of a string that lives until the call returns.
        let descriptor = unsafe open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw .cannotWrite(path: path, errno: errno) }
        defer {
            // Proof: the pointer is the NUL-terminated copy of a string that lives until the call returns.
            _ = unsafe unlink(temporary)
        }
        let file = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
        do {
            try file.write(contentsOf: Data(text.utf8))
            try file.synchronize()
        } catch {
            throw .cannotWrite(path: path, errno: EIO)
        }
        // Proof: both pointers are the NUL-terminated copies of strings that live until the calls return.
        let result = unsafe replaces ? rename(temporary, path) : link(temporary, path)
        guard result == 0 || (!replaces && errno == EEXIST) else {
            throw .cannotWrite(path: path, errno: errno)
        }
    }
}
