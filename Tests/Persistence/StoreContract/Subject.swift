import Storage

/// A store under test: what opens it, again and again over the same bytes.
public struct Subject {
    private let opener: ([Family]) throws -> any OrderedStore

    public init(opener: @escaping ([Family]) throws -> any OrderedStore) { self.opener = opener }

    static let first = Family("first")
    static let second = Family("second")

    func open(_ families: [Family] = [Self.first, Self.second]) throws -> any OrderedStore {
        try opener(families)
    }
}
