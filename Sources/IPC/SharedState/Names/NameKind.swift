/// What an interned name is the name of.
public enum NameKind: UInt8, CaseIterable, Sendable {
    case server = 1
    case tool = 2
    case session = 3
    case principal = 4
    case method = 5
    case other = 6

    /// Whether the name stays for the life of the table. Sessions come and go, so that theirs may be evicted.
    public var isPinned: Bool { self != .session && self != .other }

    /// So many names of a kind are pinned at most, so that no kind takes the place of the others.
    public var mostPinned: Int {
        switch self {
        case .server: 4_096
        case .tool: 65_536
        case .principal: 16_384
        case .method: 1_024
        case .session, .other: 0
        }
    }
}
