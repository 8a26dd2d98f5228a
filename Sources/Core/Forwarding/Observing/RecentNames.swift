/// The ids of names that came up lately, so that each is looked up in the shared region once. Confined to one
/// loop.
struct RecentNames {
    /// The most names that are remembered; beyond them all are forgotten and asked for again.
    static let maxCount = 1024

    private var ids: [String: UInt32] = [:]
    private var last = ""
    private var lastID: UInt32 = 0
    private let find: (String) -> UInt32

    /// - Parameter find: gives the id of a name; 0 if it can't have one.
    init(_ find: @escaping (String) -> UInt32) { self.find = find }

    /// - Complexity: a comparison for the name that came last, else a look-up.
    mutating func id(of name: String) -> UInt32 {
        if lastID != 0, name == last { return lastID }
        let found = ids[name] ?? add(name)
        last = name
        lastID = found
        return found
    }

    private mutating func add(_ name: String) -> UInt32 {
        let id = find(name)
        if ids.count >= Self.maxCount { ids = [:] }
        if id != 0 { ids[name] = id }
        return id
    }
}
