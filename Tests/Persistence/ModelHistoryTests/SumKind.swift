@testable import ModelHistory

/// Parts of one byte that merge by adding.
struct SumKind: ModelKind {
    var name: ModelName { Samples.kind }

    func differences(from old: [String: [UInt8]], to new: [String: [UInt8]]) -> [ModelDifference]? { [] }

    func merge(
        base: [String: [UInt8]], ours: [String: [UInt8]], theirs: [String: [UInt8]], weight: Double
    ) -> [String: [UInt8]]? {
        ours.merging(theirs) { mine, other in
            [(mine.first ?? 0) &+ (other.first ?? 0) &- (base.values.first?.first ?? 0)]
        }
    }
}
