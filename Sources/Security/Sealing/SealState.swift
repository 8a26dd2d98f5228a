import Foundation
import Storage

/// How far the sealing of a store is, which the store holds itself, sealed as every value is.
struct SealState: Codable, Equatable, Sendable {
    /// Before which entry all values of a walk are done: families in the order of their names, then keys.
    struct Place: Codable, Equatable, Sendable {
        var family: String
        var key: Data
    }

    enum Phase: String, Codable, Sendable {
        /// Values up to the place are sealed, those after it are as they were before the store had keys.
        case adopting
        /// All values are sealed, and what they were is still in the files.
        case purging
        case sealed
    }

    var phase: Phase
    /// Of the latest data key that a value was sealed with.
    var epoch: UInt32
    /// All values are sealed with a data key of this epoch or a later one.
    var floor: UInt32
    /// Of the data key that the walk under way, or the last one, seals with.
    var walk: UInt32
    /// Where the walk is.
    var place: Place?

    static let family = Family("sealing")
    static let key = Array("state".utf8)

    var bytes: [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys]
        guard let text = try? encoder.encode(self) else {
            preconditionFailure("a state consists of texts and integers")
        }
        return Array(text)
    }

    init(_ phase: Phase, epoch: UInt32, floor: UInt32) {
        self.phase = phase
        self.epoch = epoch
        self.floor = floor
        walk = floor
    }

    /// The state as it lies in the store; nil if it was never sealed.
    static func record(in reader: any OrderedReader) throws(StorageError) -> [UInt8]? {
        do throws(StorageError) {
            return try reader.value(of: key, in: family)
        } catch {
            // A store that was made before stores had this family.
            if case .unknownFamily = error { return nil }
            throw error
        }
    }

    /// What the store holds; nil if it was never sealed.
    /// - Throws: `key(oldRing)`, `corrupt`, and what reading throws.
    init?(
        _ reader: any OrderedReader, _ sealer: RecordSealer, store: String
    ) throws(StorageError) {
        guard let record = try Self.record(in: reader) else { return nil }
        if let header = RecordHeader(record), sealer.keys.key(epoch: header.epoch, id: header.keyID) == nil {
            throw .key(.oldRing(store: store, epoch: header.epoch))
        }
        let bytes = try sealer.open(record, Self.key, Self.family)
        guard let state = try? JSONDecoder().decode(Self.self, from: Data(bytes)) else {
            throw .corrupt(.open, detail: "the state of its sealing is not what this program writes")
        }
        self = state
    }
}

extension WriteBatch {
    mutating func put(_ state: SealState, _ sealer: RecordSealer) {
        put(
            sealer.seal(state.bytes, SealState.key, SealState.family), for: SealState.key,
            in: SealState.family)
    }
}
