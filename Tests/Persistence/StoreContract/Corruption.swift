import Storage

extension StorageError {
    /// True if it tells of damage.
    public var isCorruption: Bool {
        if case .corrupt = self { true } else { false }
    }
}
