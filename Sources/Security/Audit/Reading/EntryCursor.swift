import Storage

/// A walk over the entries of a log, those of packs one by one.
struct EntryCursor {
    enum Step {
        case entry(place: UInt64, value: ArraySlice<UInt8>)
        /// What is at these places is no pack.
        case unreadable(Range<UInt64>)
        /// The key of what has no place.
        case foreign(key: [UInt8])

        /// The first place that it is about.
        var place: UInt64? {
            switch self {
            case .entry(let place, _): place
            case .unreadable(let places): places.lowerBound
            case .foreign: nil
            }
        }
    }

    private let cursor: AuditCursor
    private let bounds: Range<UInt64>
    private let isForward: Bool
    /// Of the pack that the walk is in, the next one last.
    private var rest: [(place: UInt64, value: ArraySlice<UInt8>)] = []

    /// - Parameter places: only entries that stand there.
    /// - Throws: as reading does.
    init(
        _ reader: any OrderedReader, _ places: Range<UInt64> = 0..<UInt64.max,
        _ direction: Direction = .forward
    ) throws(AuditFailure) {
        bounds = places
        isForward = direction == .forward
        var lower: [UInt8] = []
        if places.lowerBound > 0 {
            // A pack may begin before the first place.
            let pack = try Self.entry(reader, holding: places.lowerBound)
            lower = pack?.key ?? AuditFamilies.key(places.lowerBound)
        }
        let range = KeyRange(
            from: lower, upTo: places.upperBound == .max ? nil : AuditFamilies.key(places.upperBound))
        cursor = try AuditCursor(reader, AuditFamilies.entries, range, direction)
    }

    /// The value of the store that has the entry of a place: it alone or a pack.
    static func entry(_ reader: any OrderedReader, holding place: UInt64) throws(AuditFailure) -> Entry? {
        let range = KeyRange(from: [], upTo: AuditFamilies.behind(place))
        guard let last = try AuditCursor(reader, AuditFamilies.entries, range, .backward).next(),
            AuditFamilies.places(last.key)?.contains(place) ?? false
        else { return nil }
        return last
    }

    mutating func next() throws(AuditFailure) -> Step? {
        while true {
            if let (place, value) = rest.popLast() { return .entry(place: place, value: value) }
            guard let found = try cursor.next() else { return nil }
            guard let places = AuditFamilies.places(found.key) else { return .foreign(key: found.key) }
            guard let values = AuditFamilies.values(found.value, of: found.key, at: places) else {
                return .unreadable(places)
            }
            rest = zip(places, values).filter { bounds.contains($0.0) }.map { (place: $0.0, value: $0.1) }
            if isForward { rest.reverse() }
        }
    }
}
