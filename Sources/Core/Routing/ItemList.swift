import Wire

/// The items of one kind that one server listed, gathered page by page. What is malformed is left out and
/// counted.
package struct ItemList: Sendable {
    package enum PageError: Error, Equatable, Sendable {
        case notAnObject
        /// The member that holds the items is absent or not an array.
        case noItems
        /// `nextCursor` is the one that led to this page.
        case cursorLoop
        /// `nextCursor` is present, but not a string.
        case badCursor
    }

    package static let maxItems = 10_000
    package static let maxBytes = 32 << 20
    package static let maxPages = 1_000
    package static let maxNameBytes = 4_096
    package static let maxDroppedNames = 20
    private static let shownNameLength = 64

    package let kind: ListKind
    package private(set) var items: [ListedItem] = []
    /// How many items were left out, by reason.
    package private(set) var dropped: [ItemDrop: Int] = [:]
    /// The names of the first tools that were left out for their header annotations: short, and of visible
    /// ASCII, since a server may write anything into its log this way.
    package private(set) var droppedNames: [String] = []
    /// The smallest `ttlMs` of the pages; nil if none had one (the legacy eras).
    package private(set) var ttlMilliseconds: Int?
    /// `private` if any page says so or the pages differ; nil if none says anything (the legacy eras).
    package private(set) var cacheScope: CacheScope?
    private var names = Set<[UInt8]>()
    private var byteCount = 0
    private var pageCount = 0
    private var lastCursor: [UInt8] = []

    package init(_ kind: ListKind) { self.kind = kind }

    /// Takes one page: the `result` member of the server's answer to a list request.
    /// - Parameter dropsInvalidHeaders: true for a server of the modern era that is reached by HTTP.
    /// - Returns: the next cursor as the server wrote it (a JSON string with its quotes); nil when the list
    ///   is whole, or when it has reached a limit.
    package mutating func append(
        page result: JSONView, dropsInvalidHeaders: Bool = false
    ) throws(PageError) -> [UInt8]? {
        guard result.kind == .object else { throw .notAnObject }
        guard let list = result[kind.itemsKey], list.kind == .array else { throw .noItems }
        for element in list.elements { take(element, dropsInvalidHeaders: dropsInvalidHeaders) }
        noteCaching(result)
        pageCount += 1
        guard let cursor = result["nextCursor"], !cursor.isNull else { return nil }
        guard cursor.kind == .string else { throw .badCursor }
        let raw = cursor.rawBytes
        if raw == lastCursor { throw .cursorLoop }
        lastCursor = raw
        return pageCount < Self.maxPages && !isFull ? raw : nil
    }

    private var isFull: Bool { dropped[.limit] != nil || items.count >= Self.maxItems }

    private mutating func noteCaching(_ result: JSONView) {
        if let value = result["ttlMs"]?.int {
            let bounded = Int(max(0, min(value, Int64(Int32.max))))
            ttlMilliseconds = min(ttlMilliseconds ?? bounded, bounded)
        }
        let scope: CacheScope? = result["cacheScope"].map { $0.string == "public" ? .public : .private }
        cacheScope = pageCount == 0 || scope == cacheScope ? scope : .private
    }

    private mutating func take(_ element: JSONView, dropsInvalidHeaders: Bool) {
        guard items.count < Self.maxItems, byteCount + element.range.count <= Self.maxBytes else {
            return drop(.limit)
        }
        guard element.kind == .object else { return drop(.notAnObject) }
        switch ListedItem.read(element, kind, dropsInvalidHeaders: dropsInvalidHeaders) {
        case .failure(let reason):
            if reason.isHeaderFault, droppedNames.count < Self.maxDroppedNames {
                droppedNames.append(Self.visible(element["name"]?.string ?? ""))
            }
            drop(reason)
        case .success(let item):
            guard names.insert([UInt8](item.name.utf8)).inserted else { return drop(.duplicate) }
            byteCount += item.bytes.count
            items.append(item)
        }
    }

    private static func visible(_ name: String) -> String {
        let shown = name.unicodeScalars.prefix(shownNameLength).map { scalar in
            ("!"..."~").contains(scalar) ? Character(scalar) : "?"
        }
        return String(shown)
    }

    private mutating func drop(_ reason: ItemDrop) { dropped[reason, default: 0] += 1 }
}
