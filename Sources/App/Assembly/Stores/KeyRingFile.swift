import Configuration
import Foundation
import Identity
import Sealing
import Storage

/// The file of a data directory's key ring, `keys/data.keys`, which all processes of the directory read and
/// which is changed by one at a time, under a lock.
///
/// It lies beside the stores and not in one of them, because both are sealed with its keys, each written by a
/// process of its own, and neither is needed to give both a new key. A checkpoint has a copy of it.
package struct KeyRingFile: Sendable {
    private static let name = "data.keys"
    private static let lockName = "data.keys.lock"
    /// More than the largest ring takes.
    private static let mostBytes = 4 << 20
    /// How long another process's change is waited for.
    private static let patience = (rounds: 250, pauseMicroseconds: UInt32(20_000))

    package let path: String
    private let directory: String

    package init(_ configuration: GatewayConfiguration) {
        self.init(dataDirectory: configuration.persistence.directory.value)
    }

    package init(dataDirectory: String) {
        directory = "\(dataDirectory)/keys"
        path = "\(directory)/\(Self.name)"
    }

    static func directory(_ configuration: GatewayConfiguration) -> String {
        KeyRingFile(configuration).directory
    }

    package var isThere: Bool { FileManager.default.fileExists(atPath: path) }

    /// When the file was made, which it is anew with each change; nil if there is none.
    var signature: [UInt64]? {
        guard let found = try? FileManager.default.attributesOfItem(atPath: path) else { return nil }
        let time = (found[.modificationDate] as? Date)?.timeIntervalSince1970 ?? 0
        return [
            UInt64(max(0, time) * 1_000_000), (found[.size] as? NSNumber)?.uint64Value ?? 0,
            (found[.systemFileNumber] as? NSNumber)?.uint64Value ?? 0,
        ]
    }

    /// - Returns: the ring, and the place among the keys of the one that it is sealed under.
    func open(with keys: [SealingKey]) throws(KeyFault) -> (ring: KeyRing, index: Int) {
        guard let file = FileHandle(forReadingAtPath: path),
            let bytes = try? file.read(upToCount: Self.mostBytes)
        else { throw .damagedRing(path: path) }
        let candidates = keys.map { KeyEncryptionKey($0) }
        do throws(KeyRing.Fault) {
            return try KeyRing.open(Array(bytes), with: candidates)
        } catch {
            switch error {
            case .wrongKey(let expected):
                throw .wrong(ring: path, expected: expected, found: candidates.map(\.id))
            case .notARing, .damaged: throw .damagedRing(path: path)
            case .full: throw .fullRing(path: path, limit: KeyRing.mostKeys)
            }
        }
    }

    func write(_ ring: KeyRing, under key: SealingKey) throws(KeyFault) {
        try write(ring.sealed(under: KeyEncryptionKey(key)))
    }

    private func write(_ bytes: [UInt8]) throws(KeyFault) {
        do {
            try FileManager.default.createDirectory(
                atPath: directory, withIntermediateDirectories: true,
                attributes: [.posixPermissions: 0o700])
            try AtomicFile.write(bytes, to: path, .secret)
        } catch let fault as AtomicFile.Fault {
            throw .unwritable(path: path, errno: fault.errno)
        } catch {
            throw .unwritable(path: path, errno: errno)
        }
    }

    func holdsSame(as other: KeyRingFile) -> Bool {
        FileManager.default.contentsEqual(atPath: path, andPath: other.path)
    }

    /// Puts a copy into another data directory, such as a checkpoint's; nothing if there is no ring.
    func copy(to target: KeyRingFile) throws(StorageError) {
        guard let bytes = FileManager.default.contents(atPath: path) else { return }
        do throws(KeyFault) { try target.write(Array(bytes)) } catch { throw .key(error) }
    }

    /// Lets no other process change the file meanwhile.
    func locked<Result>(_ body: () throws(KeyFault) -> Result) throws(KeyFault) -> Result {
        try? FileManager.default.createDirectory(
            atPath: directory, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        let lock = "\(directory)/\(Self.lockName)"
        // Proof: the pointer is the NUL-terminated copy of a string that lives until the call returns.
        let descriptor = unsafe Glibc.open(lock, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw .unwritable(path: lock, errno: errno) }
        defer { close(descriptor) }
        var isLocked = false
        for _ in 0..<Self.patience.rounds where !isLocked {
            isLocked = flock(descriptor, LOCK_EX | LOCK_NB) == 0
            if !isLocked { usleep(Self.patience.pauseMicroseconds) }
        }
        guard isLocked else { throw .unwritable(path: lock, errno: EWOULDBLOCK) }
        return try body()
    }
}
