import Foundation
import Storage
import Wire

/// What `attune store` asks of the process that has the learner's store open.
package enum LearnerStoreRequest: Equatable, Sendable {
    /// A copy at a path that begins with a slash, and beside it one of the key ring.
    case checkpoint(path: String)
    case compact

    package var encoded: [UInt8] {
        var json = JSONWriter(capacity: 256)
        json.beginObject()
        switch self {
        case .checkpoint(let path):
            json.field("store", "checkpoint")
            json.field("path", path)
        case .compact: json.field("store", "compact")
        }
        json.endObject()
        return json.bytes
    }

    /// nil from bytes that no task has.
    init?(_ bytes: [UInt8]) {
        guard let view = try? JSONView(validating: bytes) else { return nil }
        switch view["store"]?.string {
        case "checkpoint":
            guard let path = view["path"]?.string, path.hasPrefix("/"), path.utf8.count <= Int(PATH_MAX)
            else {
                return nil
            }
            self = .checkpoint(path: path)
        case "compact": self = .compact
        default: return nil
        }
    }

    func perform(on store: any StoreHome) -> ModelReply {
        do throws(StorageError) {
            switch self {
            case .checkpoint(let path): try store.checkpoint(to: path)
            case .compact: try store.compact()
            }
            return .done(text: "", data: Array("{}".utf8))
        } catch {
            return .failed(
                reason: "\(error)",
                next: "see how it is with `attune store stats --store learner`, and run the command again")
        }
    }
}
