import Crypto
import Foundation

/// The data keys of a data directory, of all epochs, and how they are kept: sealed under a key-encryption
/// key.
///
/// In its file it is one JSON object, `{"format":1,"key":ID,"ring":BASE64}`: the id of the key-encryption
/// key, and nonce, ciphertext and tag of AES-256-GCM over the list of keys. All keys are sealed as one, so
/// none can be changed, left out or put in another's place. The nonces are random; one key-encryption key
/// seals as many rings as there are rotations, far from the 2^32 that random nonces of 96 bits are good for
/// (NIST SP 800-38D, section 8.3).
public struct KeyRing: Sendable, Equatable {
    public enum Fault: Error, Equatable, Sendable {
        /// The bytes are no key ring, or not of a format that this program reads.
        case notARing
        case wrongKey(expected: String)
        /// It was made under this key, and it isn't what was made.
        case damaged
        /// There are as many keys as a ring holds.
        case full
    }

    /// A new key every day for ten years.
    public static let mostKeys = 4096
    private static let format = 1

    private struct Envelope: Codable {
        var format: Int
        var key: String
        var ring: Data

        var text: [UInt8] {
            guard let text = try? KeyRing.encoder.encode(self) else {
                preconditionFailure("an envelope consists of texts and integers")
            }
            return Array(text) + [0x0A]
        }
    }

    private struct Content: Codable {
        struct Key: Codable {
            var epoch: UInt32
            var created: UInt64
            var secret: Data
        }

        var adopts: [String]
        var keys: [Key]
    }

    /// In the order of their epochs, one at least; the last one seals.
    public private(set) var keys: [DataKey]
    /// Stores that were there before their keys, whose values are to be sealed when they are opened.
    public var adopts: Set<String>

    public var current: DataKey { keys[keys.count - 1] }

    /// A ring with a first key.
    public init(createdMicroseconds: UInt64, adopts: Set<String> = []) {
        keys = [DataKey(epoch: 1, createdMicroseconds: createdMicroseconds)]
        self.adopts = adopts
    }

    /// Adds a key of the next epoch, which seals from now on.
    public mutating func rotate(createdMicroseconds: UInt64) throws(Fault) {
        guard keys.count < Self.mostKeys, current.epoch < .max else { throw .full }
        keys.append(DataKey(epoch: current.epoch + 1, createdMicroseconds: createdMicroseconds))
    }

    /// - Complexity: logarithmic in the number of keys.
    func key(epoch: UInt32, id: some Sequence<UInt8>) -> DataKey? {
        var low = 0
        var high = keys.count
        while low < high {
            let middle = (low + high) / 2
            if keys[middle].epoch < epoch { low = middle + 1 } else { high = middle }
        }
        guard low < keys.count, keys[low].epoch == epoch, keys[low].id.elementsEqual(id) else { return nil }
        return keys[low]
    }

    /// Whether all keys of the other are in this one, so that it can take its place.
    func continues(_ other: KeyRing) -> Bool { keys.starts(with: other.keys) }

    // MARK: In a file

    public func sealed(under key: KeyEncryptionKey) -> [UInt8] {
        guard let box = try? AES.GCM.seal(plain, using: key.wrapping, authenticating: Self.bound(key.id)),
            let sealed = box.combined
        else { preconditionFailure("AES-256-GCM seals any value of less than 64 GiB") }
        return Envelope(format: Self.format, key: key.id, ring: sealed).text
    }

    /// - Parameter candidates: tried by their ids.
    /// - Returns: the ring, and which of the keys it is sealed under.
    public static func open(
        _ file: [UInt8], with candidates: [KeyEncryptionKey]
    ) throws(Fault) -> (ring: KeyRing, index: Int) {
        // Base64 has several texts for some bytes, and only the one that was written is good.
        guard let envelope = try? JSONDecoder().decode(Envelope.self, from: Data(file)),
            envelope.format == format, envelope.text == file
        else { throw .notARing }
        guard let index = candidates.firstIndex(where: { $0.id == envelope.key }) else {
            throw .wrongKey(expected: String(envelope.key.prefix(2 * KeyIdentity.length)))
        }
        guard let box = try? AES.GCM.SealedBox(combined: envelope.ring),
            let plain = try? AES.GCM.open(
                box, using: candidates[index].wrapping, authenticating: bound(envelope.key)),
            let ring = KeyRing(plain: Array(plain))
        else { throw .damaged }
        return (ring, index)
    }

    private static func bound(_ id: String) -> [UInt8] { Array("attune key ring \(format) \(id)".utf8) }

    // MARK: To another process

    /// The keys themselves, for a process that is to seal and open without the key-encryption key.
    public var plain: [UInt8] {
        let content = Content(
            adopts: adopts.sorted(),
            keys: keys.map {
                Content.Key(epoch: $0.epoch, created: $0.createdMicroseconds, secret: Data($0.bytes))
            })
        guard let text = try? Self.encoder.encode(content) else {
            preconditionFailure("a ring consists of texts and integers")
        }
        return Array(text)
    }

    /// Nil unless the bytes are what `plain` gives.
    public init?(plain: [UInt8]) {
        guard let content = try? JSONDecoder().decode(Content.self, from: Data(plain)),
            (1...Self.mostKeys).contains(content.keys.count)
        else { return nil }
        keys = []
        for key in content.keys {
            guard key.secret.count == DataKey.length, key.epoch > keys.last?.epoch ?? 0 else { return nil }
            keys.append(
                DataKey(epoch: key.epoch, createdMicroseconds: key.created, bytes: Array(key.secret)))
        }
        adopts = Set(content.adopts)
    }

    private static var encoder: JSONEncoder {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return encoder
    }
}
