/// Reads the keys of one table, each at most once, and refuses at the end what nobody asked for.
///
/// Every accessor gives nil when the key is absent or its value is refused (the collector then has the
/// error), so the caller keeps its default.
struct SectionReader {
    let collector: DiagnosticCollector
    /// As it stands in messages, such as `servers.git`.
    let name: String
    /// As `KeyEffect` knows it, such as `servers.*`; empty for the parts of one key's value.
    let pattern: String
    let place: Range<Int>
    private let all: [TOMLEntry]
    private var unread: [TOMLEntry]
    private var known: [String] = []

    init(_ entry: TOMLEntry, name: String, pattern: String, collector: DiagnosticCollector) {
        self.init(
            entry.node, place: entry.node.location.key, name: name, pattern: pattern, collector: collector)
    }

    init(
        _ node: TOMLNode, place: Range<Int>, name: String, pattern: String, collector: DiagnosticCollector
    ) {
        self.collector = collector
        self.name = name
        self.pattern = pattern
        self.place = place
        all = node.table ?? []
        unread = all
        if node.table == nil {
            collector.error(node.location.value, "`\(name)` must be a table, found \(node.kind)")
        }
    }

    /// The value of a key, and a warning when nothing acts on it yet.
    mutating func take(_ key: String) -> TOMLNode? {
        assert(
            pattern.isEmpty || KeyEffect.of("\(pattern).\(key)") != .unknown,
            "\(pattern).\(key) has no effect")
        known.append(key)
        guard let index = unread.firstIndex(where: { $0.key == key }) else { return nil }
        let entry = unread.remove(at: index)
        warnIfPending(entry)
        return entry.node
    }

    /// Whether a key is there, read or not.
    func has(_ key: String) -> Bool { placeOf(key) != nil }

    /// Where a key stands, whether it was taken or not.
    func placeOf(_ key: String) -> Range<Int>? { all.first { $0.key == key }?.node.location.key }

    /// Everything that is left, for sections whose keys are free.
    mutating func takeRest() -> [TOMLEntry] {
        let rest = unread
        unread = []
        for entry in rest { warnIfPending(entry) }
        return rest
    }

    /// Refuses the keys that were not asked for.
    func finish() {
        for entry in unread {
            let closest = Spelling.closest(to: entry.key, among: known)
            collector.error(
                entry.node.location.key, "unknown key `\(entry.key)` in \(title)",
                suggestion: closest.map { "did you mean `\($0)`?" }
                    ?? "the keys are \(known.sorted().joined(separator: ", "))")
        }
    }

    func path(_ key: String) -> String { name.isEmpty ? key : "\(name).\(key)" }

    private var title: String { "[\(name)]" }

    private func warnIfPending(_ entry: TOMLEntry) {
        guard case .pending = KeyEffect.of("\(pattern).\(entry.key)") else { return }
        collector.warning(
            entry.node.location.key,
            "`\(path(entry.key))` is not used yet: this build accepts it without effect")
    }
}
