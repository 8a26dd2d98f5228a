import FoundationEssentials

/// Where a learner leaves what the next one goes on from.
package struct CheckpointFile: Sendable {
    package let path: String

    package init(path: String) { self.path = path }

    /// nil if there is none, or none that is whole.
    package func read() -> Checkpoint? {
        guard let attributes = try? FileManager.default.attributesOfItem(atPath: path),
            let bytes = attributes[.size] as? UInt64 ?? (attributes[.size] as? Int).map(UInt64.init),
            bytes <= UInt64(Checkpoint.mostBytes), let data = FileManager.default.contents(atPath: path)
        else { return nil }
        return Checkpoint(Array(data))
    }

    /// Replaces the file at once; whoever is killed while writing leaves the one before.
    ///
    /// - Returns: false if the disk refuses.
    package func write(_ checkpoint: Checkpoint) -> Bool {
        (try? Data(checkpoint.encoded).write(to: URL(filePath: path), options: .atomic)) != nil
    }
}
