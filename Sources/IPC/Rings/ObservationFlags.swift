/// What the payload ring holds of a call.
public struct ObservationFlags: OptionSet, Sendable {
    public let rawValue: UInt16

    @inlinable
    public init(rawValue: UInt16) { self.rawValue = rawValue }

    public static let paramsCaptured = ObservationFlags(rawValue: 1)
    public static let resultCaptured = ObservationFlags(rawValue: 2)
    /// Only the first bytes of the params.
    public static let paramsCut = ObservationFlags(rawValue: 4)
    /// Only the first bytes of the result.
    public static let resultCut = ObservationFlags(rawValue: 8)
}
