/// What is kept on disk of a call's arguments and result.
public enum Capture: Sendable, CaseIterable {
    /// SHA-256 of each.
    case digest
    /// The bytes themselves too, as far as the rings hold them.
    case full
    /// Nothing but their sizes.
    case none
}
