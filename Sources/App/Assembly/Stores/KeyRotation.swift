import Configuration
import Foundation
import Identifiers
import Identity
import Sealing
import Storage

/// Makes new keys for a data directory; a gateway and a learner that run take them within a second.
///
/// All goes through the key ring's file, so it is the same whether anything runs or not, and nobody who can
/// only reach a gateway's address can do it.
package struct KeyRotation {
    package struct Report {
        /// Of the data key that seals now.
        package var epoch: UInt32
        /// Of the key-encryption key that the ring is under now.
        package var keyID: String
        /// The file in which the key that it was under is kept.
        package var keptAt: String?
    }

    private let configuration: GatewayConfiguration
    private let file: KeyRingFile
    private let source: KeySource

    package init(_ configuration: GatewayConfiguration, environment: [String: String]) {
        self.configuration = configuration
        file = KeyRingFile(configuration)
        source = KeySource(configuration, environment: environment)
    }

    /// Adds a data key, which seals what is written from now on.
    ///
    /// - Parameter renewsKey: whether the ring is put under another key-encryption key too. A key that is in
    ///   a file is replaced by a random one, and what it was is kept in a file beside it, for copies of the
    ///   data that were made before. At each moment of it the file has the key of the ring, so a process that
    ///   is killed leaves what opens. Of a key from elsewhere the first that is given is the new one.
    package func run(renewsKey: Bool) throws(KeyFault) -> Report {
        try file.locked { () throws(KeyFault) in
            let keys = try source.keys(creates: false)
            let (ring, index) = try file.open(with: keys)
            let next = try renewed(ring)
            guard renewsKey else {
                try file.write(next, under: keys[0])
                return Report(epoch: next.current.epoch, keyID: KeyEncryptionKey(keys[0]).id)
            }
            guard let path = source.path else {
                guard index > 0 else {
                    throw .unusable(
                        source: source.text,
                        reason: "it has to give the new key first, and the one in use in a line after it")
                }
                try file.write(next, under: keys[0])
                return Report(epoch: next.current.epoch, keyID: KeyEncryptionKey(keys[0]).id)
            }
            let new = SealingKey()
            let kept = try replace(keys, index, by: new, in: path, next)
            return Report(epoch: next.current.epoch, keyID: KeyEncryptionKey(new).id, keptAt: kept)
        }
    }

    /// - Returns: the file that keeps the key that was replaced.
    private func replace(
        _ keys: [SealingKey], _ index: Int, by new: SealingKey, in path: String, _ ring: KeyRing
    ) throws(KeyFault) -> String {
        let kept = "\(path).\(KeyEncryptionKey(keys[index]).id)"
        // Those that stood beside it open older copies still.
        try Self.write([keys[index]] + keys[..<index] + keys[(index + 1)...], to: kept)
        Failpoint.keysKept.pass()
        try Self.write([new, keys[index]], to: path)
        Failpoint.keysBoth.pass()
        try file.write(ring, under: new)
        Failpoint.keysWrapped.pass()
        try rewrapCheckpoints(from: keys, to: new)
        Failpoint.keysRewrapped.pass()
        try Self.write([new], to: path)
        return kept
    }

    private func renewed(_ ring: KeyRing) throws(KeyFault) -> KeyRing {
        var ring = ring
        do throws(KeyRing.Fault) {
            try ring.rotate(createdMicroseconds: WallClock.microseconds)
        } catch {
            throw .fullRing(path: file.path, limit: KeyRing.mostKeys)
        }
        return ring
    }

    /// The gateway's own copies stay readable with the key in use.
    private func rewrapCheckpoints(from keys: [SealingKey], to new: SealingKey) throws(KeyFault) {
        let directory = configuration.checkpointDirectory
        for name in (try? FileManager.default.contentsOfDirectory(atPath: directory)) ?? [] {
            let copy = KeyRingFile(dataDirectory: "\(directory)/\(name)")
            guard copy.isThere, let opened = try? copy.open(with: keys) else { continue }
            try copy.write(opened.ring, under: new)
        }
    }

    private static func write(_ keys: [SealingKey], to path: String) throws(KeyFault) {
        let text = keys.map { $0.text + "\n" }.joined()
        do throws(AtomicFile.Fault) {
            try AtomicFile.write(Array(text.utf8), to: path, AtomicFile.attributes(path) ?? .secret)
        } catch {
            throw .unwritable(path: path, errno: error.errno)
        }
    }
}

extension GatewayConfiguration {
    /// Where the gateway makes checkpoints, each in a directory named for its time.
    var checkpointDirectory: String { "\(persistence.directory.value)/checkpoints" }
}
