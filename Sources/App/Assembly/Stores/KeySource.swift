import Configuration
import Foundation
import Identity
import Sealing
import Storage

/// Where the key-encryption key of a data directory comes from: `[persistence] key`, else a file of the
/// gateway's own.
struct KeySource: Sendable {
    static let file = "store.key"

    let source: SecretSource
    /// For messages.
    let ringPath: String
    private let environment: [String: String]

    init(_ configuration: GatewayConfiguration, environment: [String: String]) {
        let directory = KeyRingFile.directory(configuration)
        source = configuration.persistence.key ?? .file(ExpandedText("\(directory)/\(Self.file)"))
        ringPath = KeyRingFile(configuration).path
        self.environment = environment
    }

    /// The file of the key, if it is in one; a link's target, which is what a new key replaces.
    var path: String? {
        guard case .file(let path) = source else { return nil }
        return URL(filePath: path.value).resolvingSymlinksInPath().path
    }

    /// For people; a value of the environment is not shown.
    var text: String {
        switch source {
        case .file(let path): "file:\(path)"
        case .environment(let name): "env:\(name)"
        case .command(let line): "command:\(line)"
        }
    }

    /// - Parameter creates: whether a file that isn't there is made, with a random key and mode 0600.
    /// - Returns: one key at least; the first is to seal, all open.
    func keys(creates: Bool) throws(KeyFault) -> [SealingKey] {
        if let path {
            if let attributes = AtomicFile.attributes(path) {
                try Self.check(attributes, path)
            } else if !creates {
                throw .missingKey(path: path, ring: ringPath)
            }
            do throws(KeyFile.Fault) {
                return try KeyFile.keys(at: path)
            } catch {
                if case .cannotCreate(let errno) = error { throw .unwritable(path: path, errno: errno) }
                throw .unusable(source: text, reason: "\(error)")
            }
        }
        do throws(ConfiguredKeys.Fault) {
            return try ConfiguredKeys.keys(source, environment: environment)
        } catch {
            throw .unusable(source: text, reason: error.reason)
        }
    }

    private static func check(_ attributes: AtomicFile.Attributes, _ path: String) throws(KeyFault) {
        guard attributes.mode & 0o077 == 0 else { throw .exposed(path: path, mode: attributes.mode & 0o777) }
        // Root may hand keys to those that it starts.
        if let owner = attributes.owner, owner != geteuid(), owner != 0 {
            throw .foreignOwner(path: path, user: owner)
        }
    }
}

extension KeyEncryptionKey {
    init(_ key: SealingKey) {
        guard let own = Self(key.bytes) else { preconditionFailure("both have 32 bytes") }
        self = own
    }
}
