import ArgumentParser

/// What `attune export` writes.
enum ExportFormat: String, ExpressibleByArgument, CaseIterable {
    /// JSON lines.
    case json
    case parquet
}
