/// What knows the parts of some models: their differences, and how two versions become one.
///
/// The parts come from a store or a bundle, and may be anything.
public protocol ModelKind: Sendable {
    /// What commits of such models have as their kind.
    var name: ModelName { get }

    /// What changed between two versions, by item, in the order of the items; nil if the parts are not what
    /// they should be.
    func differences(from old: [String: [UInt8]], to new: [String: [UInt8]]) -> [ModelDifference]?

    /// Two versions as one: `ours`, and what `theirs` has beyond `base`, times a weight.
    ///
    /// Undoing a version is the same with what was before it as `theirs` and itself as `base`.
    /// - Parameters:
    ///   - base: what both come from; empty if nothing.
    ///   - weight: over 0, 1 for all of it.
    /// - Returns: nil if the parts are not what they should be.
    func merge(
        base: [String: [UInt8]], ours: [String: [UInt8]], theirs: [String: [UInt8]], weight: Double
    ) -> [String: [UInt8]]?
}
