import Glibc

/// Small files of /proc, which are read in one piece.
enum ProcFile {
    static let maximumBytes = 4096

    /// The file's bytes, `maximumBytes` at most; nil if it can't be read.
    static func read(_ path: String) -> [UInt8]? {
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var count = 0
        let bytes = unsafe [UInt8](unsafeUninitializedCapacity: maximumBytes) { buffer, initialized in
            count = unsafe Glibc.read(descriptor, buffer.baseAddress, maximumBytes)
            initialized = max(count, 0)
        }
        return count > 0 ? bytes : nil
    }
}
