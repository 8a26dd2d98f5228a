/// Who moves a reference, when and why.
public struct Act: Sendable {
    var action: ReflogEntry.Action
    public var author: String
    /// In microseconds since 1970.
    public var microseconds: UInt64
    var note: String

    public init(author: String, microseconds: UInt64) {
        self.init(.commit, author: author, microseconds: microseconds, note: "")
    }

    init(_ action: ReflogEntry.Action, author: String, microseconds: UInt64, note: String) {
        self.action = action
        self.author = author
        self.microseconds = microseconds
        self.note = note
    }

    func doing(_ action: ReflogEntry.Action, _ note: String) -> Act {
        Act(action, author: author, microseconds: microseconds, note: note)
    }
}
