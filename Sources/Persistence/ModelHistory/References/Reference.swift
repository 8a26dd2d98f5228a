/// What points at a commit of a model.
public enum Reference: Hashable, Sendable {
    case head
    case branch(ModelName)
    case tag(ModelName)

    /// As it is written in a reflog.
    public var text: String {
        switch self {
        case .head: "HEAD"
        case .branch(let name): "branch/\(name)"
        case .tag(let name): "tag/\(name)"
        }
    }

    init?(_ text: String) {
        if text == "HEAD" {
            self = .head
        } else if text.hasPrefix("branch/"), let name = ModelName(String(text.dropFirst(7))) {
            self = .branch(name)
        } else if text.hasPrefix("tag/"), let name = ModelName(String(text.dropFirst(4))) {
            self = .tag(name)
        } else {
            return nil
        }
    }
}
