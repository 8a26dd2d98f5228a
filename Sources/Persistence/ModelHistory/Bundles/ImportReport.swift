/// What an import brought.
public struct ImportReport: Equatable, Sendable {
    public var model: ModelName
    public var objects = 0
    /// Objects that were not there before.
    public var newObjects = 0
    /// Whether there was no such model before.
    public var isNewModel = false
    /// What was made or moved.
    public var references: [Reference] = []
}
