import Foundation

/// Replaces whole files so that a reader, and a crash, sees the old content or the new and nothing between.
package enum AtomicFile {
    package struct Fault: Error, Equatable, Sendable {
        package var errno: Int32
    }

    /// What is kept of a file that is replaced.
    package struct Attributes: Sendable, Equatable {
        package var mode: UInt16
        package var owner: UInt32?
        package var group: UInt32?

        package static let secret = Attributes(mode: 0o600)
    }

    /// The attributes of a file; nil when there is none.
    package static func attributes(_ path: String) -> Attributes? {
        guard let found = try? FileManager.default.attributesOfItem(atPath: path) else { return nil }
        return Attributes(
            mode: (found[.posixPermissions] as? NSNumber)?.uint16Value ?? 0o600,
            owner: (found[.ownerAccountID] as? NSNumber)?.uint32Value,
            group: (found[.groupOwnerAccountID] as? NSNumber)?.uint32Value)
    }

    /// Fails when a later `write` is sure to fail, or the file is marked read-only (which would not hinder
    /// the replacing, but whoever marked it did not want it changed).
    static func checkWritable(_ path: String) throws(Fault) {
        let directory = URL(fileURLWithPath: path).deletingLastPathComponent().path
        if let attributes = attributes(path) {
            guard attributes.mode & 0o222 != 0, FileManager.default.isWritableFile(atPath: path) else {
                throw Fault(errno: EACCES)
            }
        }
        let real = URL(fileURLWithPath: directory).resolvingSymlinksInPath().path
        guard let found = try? FileManager.default.attributesOfItem(atPath: real) else {
            throw Fault(errno: ENOENT)
        }
        guard found[.type] as? FileAttributeType == .typeDirectory else { throw Fault(errno: ENOTDIR) }
        guard FileManager.default.isWritableFile(atPath: directory) else { throw Fault(errno: EACCES) }
    }

    /// Writes beside the file, flushes to the disk, renames over the file, and flushes the directory.
    package static func write(_ bytes: [UInt8], to path: String, _ attributes: Attributes) throws(Fault) {
        let temporary = path + ".attune-\(UInt32.random(in: 0 ... .max))"
        do throws(Fault) {
            try create(temporary, bytes, attributes)
            // Proof: both pointers are the NUL-terminated copies of strings that live until the call returns.
            guard unsafe rename(temporary, path) == 0 else { throw Fault(errno: errno) }
        } catch {
            try? FileManager.default.removeItem(atPath: temporary)
            throw error
        }
        flushDirectory(of: path)
    }

    static func remove(_ path: String) throws(Fault) {
        do {
            try FileManager.default.removeItem(atPath: path)
        } catch {
            throw Fault(errno: SystemError.number(of: error))
        }
        flushDirectory(of: path)
    }

    private static func create(_ path: String, _ bytes: [UInt8], _ attributes: Attributes) throws(Fault) {
        let flags = O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC
        // Proof: the pointer is the NUL-terminated copy of a string that lives until the call returns.
        let descriptor = unsafe open(path, flags, 0o600)
        guard descriptor >= 0 else { throw Fault(errno: errno) }
        let file = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
        do {
            try file.write(contentsOf: Data(bytes))
            // Only root may give a file away; for others it is theirs already.
            if let owner = attributes.owner, let group = attributes.group {
                _ = fchown(descriptor, owner, group)
            }
            guard fchmod(descriptor, mode_t(attributes.mode & 0o7777)) == 0 else { throw Fault(errno: errno) }
            try file.synchronize()
            try file.close()
        } catch let fault as Fault {
            throw fault
        } catch {
            throw Fault(errno: SystemError.number(of: error))
        }
    }

    /// Without this the rename may be lost with the power; a file system that cannot do it has done its best.
    private static func flushDirectory(of path: String) {
        let directory = URL(fileURLWithPath: path).deletingLastPathComponent().path
        // Proof: the pointer is the NUL-terminated copy of a string that lives until the call returns.
        let descriptor = unsafe open(directory, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return }
        _ = fsync(descriptor)
        _ = close(descriptor)
    }
}
