/// What an object is.
public enum ObjectKind: UInt8, Sendable, CaseIterable {
    /// The bytes of a part of a model.
    case blob = 1
    /// The parts of one version of a model.
    case tree = 2
    case commit = 3
    /// What a version was judged with, a `LearningData`.
    case data = 4

    var name: String {
        switch self {
        case .blob: "blob"
        case .tree: "tree"
        case .commit: "commit"
        case .data: "data"
        }
    }
}
