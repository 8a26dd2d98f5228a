/// Where HEAD has to be for a change to be made.
public enum Expectation: Equatable, Sendable {
    case anywhere
    /// nil: there is no such model yet.
    case at(ObjectID?)
}
