import Foundation
import SharedMemory
import Transports

/// What the bytes beside the descriptors say: `{"segments":[{"name","kind","generation","bytes","index",
/// "writable":false}]}`, one entry a descriptor in their order, or `{"error":{"code","message"}}`.
struct SegmentManifest: Codable, Equatable {
    struct Entry: Codable, Equatable {
        var name: String
        /// `core`, `learner` or `worker`.
        var kind: String
        var generation: UInt64
        var bytes: UInt64
        var index: Int
        var writable: Bool
    }

    var segments: [Entry]?
    var error: AttachRefusal?

    init(_ segments: [OfferedSegment]) {
        self.segments = segments.map {
            Entry(
                name: $0.name, kind: $0.kind.text, generation: $0.generation, bytes: $0.bytes,
                index: $0.index, writable: false)
        }
    }

    init(error: AttachRefusal) { self.error = error }

    /// Nil unless the bytes have this form.
    init?(_ bytes: [UInt8]) {
        guard let read = try? JSONDecoder().decode(Self.self, from: Data(bytes)) else { return nil }
        self = read
    }

    var text: [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys]
        guard let data = try? encoder.encode(self) else {
            preconditionFailure("a manifest consists of texts and integers")
        }
        return Array(data)
    }
}

extension SegmentKind {
    /// As the manifest names it.
    var text: String {
        switch self {
        case .core: "core"
        case .learner: "learner"
        case .worker: "worker"
        }
    }
}
