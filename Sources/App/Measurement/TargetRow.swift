/// One promise of the system and how it stands: a row of `attune bench targets`.
package struct TargetRow: Sendable {
    package var target: String
    package var unit: String
    /// What the value must stay under, or exceed where larger is better.
    package var bound: Double
    package var value: Double
    package var holds: Bool
    /// On what and how the value was measured.
    package var conditions: String
}
