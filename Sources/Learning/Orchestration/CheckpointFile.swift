import Foundation
import Storage

/// Where a learner leaves what the next one goes on from.
package struct CheckpointFile: Sendable {
    package let path: String

    package init(path: String) { self.path = path }

    /// nil if there is none, or none that is whole.
    ///
    /// - Parameter modelBytes: what statistics may use.
    package func read(modelBytes: Int = .max) -> Checkpoint? {
        guard let attributes = try? FileManager.default.attributesOfItem(atPath: path),
            let bytes = attributes[.size] as? UInt64 ?? (attributes[.size] as? Int).map(UInt64.init),
            bytes <= UInt64(Checkpoint.mostBytes), let data = FileManager.default.contents(atPath: path)
        else { return nil }
        return Checkpoint(Array(data), modelBytes: modelBytes)
    }

    /// Replaces the file at once; whoever is killed while writing leaves the one before.
    ///
    /// - Returns: false if the disk refuses.
    package func write(_ checkpoint: [UInt8]) -> Bool {
        let made = FileManager.default.createFile(
            atPath: "\(path).new", contents: Data(checkpoint),
            attributes: [.posixPermissions: NSNumber(value: 0o600)])
        guard made, (try? Failpoint.learnerDrafted.reach()) != nil else { return false }
        // Proof: the copies of both paths outlive the call.
        let isRenamed = unsafe rename("\(path).new", path) == 0
        Failpoint.learnerRenamed.pass()
        return isRenamed
    }
}
