/// Which way a cursor goes.
public enum Direction: Sendable, CaseIterable {
    /// From the lowest key up.
    case forward
    /// From the highest key down.
    case backward
}
