import Foundation
import Storage

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// The newest tree head, in a file outside of the store, so that a store that is put back to an older state
/// is told from the one that was.
///
/// A head that a store contradicts is set aside under another name and kept: it is the evidence.
public struct AuditWitness: Sendable {
    /// Heads that were set aside and are looked at.
    static let mostAside = 64

    public let path: String

    public init(_ path: String) { self.path = path }

    /// What was set down last, and what was set aside; nil in place of a file that holds no head.
    func heads() throws(AuditWitnessFault) -> [(file: String, head: SignedHead?)] {
        let url = URL(fileURLWithPath: path)
        let folder = url.deletingLastPathComponent().path
        let names = ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).sorted()
        let prefix = url.lastPathComponent + "."
        let aside = names.filter { $0.hasPrefix(prefix) && !$0.hasSuffix(Self.newSuffix) }.prefix(
            Self.mostAside)
        var found: [(file: String, head: SignedHead?)] = []
        for file in [path] + aside.map({ "\(folder)/\($0)" }) {
            guard FileManager.default.fileExists(atPath: file) else { continue }
            guard let data = FileManager.default.contents(atPath: file) else { throw .unreadable(path: file) }
            found.append((file, data.count <= SignedHead.mostBytes ? SignedHead(bytes: Array(data)) : nil))
        }
        return found
    }

    /// What was set down until now, to be compared with a log that is read later.
    public func evidence() throws(AuditFailure) -> AuditEvidence {
        do throws(AuditWitnessFault) {
            return AuditEvidence(heads: try heads())
        } catch {
            throw .witness(error)
        }
    }

    /// Puts a newer head in the place of the one that is there, durably.
    func set(_ head: SignedHead) throws(AuditWitnessFault) {
        let file = path + Self.newSuffix
        do {
            try? FileManager.default.removeItem(atPath: file)
            guard
                FileManager.default.createFile(
                    atPath: file, contents: nil, attributes: [.posixPermissions: 0o600]),
                let handle = FileHandle(forWritingAtPath: file)
            else { throw AuditWitnessFault.unwritable(path: path) }
            try handle.write(contentsOf: Data(head.text.utf8))
            try handle.synchronize()
            try handle.close()
        } catch {
            throw .unwritable(path: path)
        }
        Failpoint.auditWitnessDrafted.pass()
        // Proof: both pointers are the NUL-terminated copies of strings that live until the call returns.
        guard unsafe rename(file, path) == 0 else { throw .unwritable(path: path) }
        Failpoint.auditWitnessRenamed.pass()
    }

    /// Keeps the head that is there under a name of its own.
    func setAside(at microseconds: UInt64) throws(AuditWitnessFault) {
        guard FileManager.default.fileExists(atPath: path) else { return }
        // Proof: both pointers are the NUL-terminated copies of strings that live until the call returns.
        guard unsafe rename(path, "\(path).\(microseconds)") == 0 else { throw .unwritable(path: path) }
    }

    private static let newSuffix = ".new"
}

/// Why a witness can't be read or set down.
public enum AuditWitnessFault: Error, Equatable, Sendable {
    case unreadable(path: String)
    case unwritable(path: String)
    /// It is being written for longer than 5 s.
    case slow(path: String)
}

extension AuditWitnessFault: CustomStringConvertible {
    public var description: String {
        switch self {
        case .unreadable(let path): "the witness \(path) can't be read"
        case .unwritable(let path): "the witness \(path) can't be written"
        case .slow(let path): "writing the witness \(path) takes longer than 5 s"
        }
    }
}
