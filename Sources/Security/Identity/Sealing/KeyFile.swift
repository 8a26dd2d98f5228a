import Foundation

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// A file of keys that is made when it is not there.
package enum KeyFile {
    package enum Fault: Error, Equatable, Sendable {
        case cannotRead(errno: Int32)
        case cannotCreate(errno: Int32)
        case tooLong
        case content(KeyText.Fault)
    }

    static let maxBytes = 64 * 1024

    /// The keys of the file, which is created with one random key and mode 0600 if there is none.
    ///
    /// Of two gateways that start at once, both read what the quicker one wrote.
    package static func keys(at path: String) throws(Fault) -> [SealingKey] {
        if let keys = try read(path) { return keys }
        try create(path)
        guard let keys = try read(path) else { throw .cannotRead(errno: ENOENT) }
        return keys
    }

    /// - Returns: nil if there is no file.
    private static func read(_ path: String) throws(Fault) -> [SealingKey]? {
        // Proof: the pointer is the NUL-terminated copy of a string that lives until the call returns.
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            let number = errno
            if number == ENOENT || number == ENOTDIR { return nil }
            throw .cannotRead(errno: number)
        }
        let file = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
        guard let data = try? file.read(upToCount: maxBytes + 1) else {
            throw .content(.noKey)
        }
        guard data.count <= maxBytes else { throw .tooLong }
        do throws(KeyText.Fault) {
            return try KeyText.keys(String(decoding: data, as: UTF8.self))
        } catch {
            throw .content(error)
        }
    }

    /// Writes beside the path and links there, so that the file appears whole and never in another's place.
    private static func create(_ path: String) throws(Fault) {
        let directory = URL(fileURLWithPath: path).deletingLastPathComponent().path
        try? FileManager.default.createDirectory(
            atPath: directory, withIntermediateDirectories: true,
            attributes: [.posixPermissions: NSNumber(value: 0o700)])
        let temporary = "\(path).new-\(UInt64.random(in: .min ... .max))"
        // Proof: the pointer is the NUL-terminated copy of a string that lives until the call returns.
        let descriptor = unsafe open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw .cannotCreate(errno: errno) }
        defer {
            // Proof: the pointer is the NUL-terminated copy of a string that lives until the call returns.
            _ = unsafe unlink(temporary)
        }
        let file = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
        do {
            try file.write(contentsOf: Data("\(SealingKey().text)\n".utf8))
            try file.synchronize()
        } catch {
            throw .cannotCreate(errno: EIO)
        }
        // Proof: both pointers are the NUL-terminated copies of strings that live until the call returns.
        guard unsafe link(temporary, path) == 0 || errno == EEXIST else { throw .cannotCreate(errno: errno) }
    }
}

extension KeyFile.Fault: CustomStringConvertible {
    package var description: String {
        switch self {
        case .cannotRead(let number): "the file cannot be read (errno \(number))"
        case .cannotCreate(let number): "the file cannot be created (errno \(number))"
        case .tooLong: "the file has more than \(KeyFile.maxBytes) bytes"
        case .content(let fault): fault.description
        }
    }
}
