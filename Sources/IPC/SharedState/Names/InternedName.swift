/// What the id of a name stands for.
public struct InternedName: Hashable, Sendable {
    public var kind: NameKind
    public var text: String

    public init(kind: NameKind, text: String) {
        self.kind = kind
        self.text = text
    }
}
