import Wire

/// One field of what the learner publishes: read as far as it can be true, else absent.
struct PatternField {
    /// What names and texts are cut to.
    static let mostLetters = 300
    /// The end of the year 9999, the last time that can be written.
    private static let lastMicroseconds: Int64 = 253_402_300_799_999_999

    let view: JSONView?

    init(_ view: JSONView?) { self.view = view }

    /// 0 for what is no whole number or below zero.
    var count: UInt64 { UInt64(clamping: view?.int ?? 0) }

    /// Microseconds since 1970.
    var time: UInt64 { UInt64(clamping: min(view?.int ?? 0, Self.lastMicroseconds)) }

    /// A probability or another share of one.
    var share: Double? { view?.double.flatMap { (0...1).contains($0) ? $0 : nil } }

    /// A finite number that is not negative.
    var amount: Double? { view?.double.flatMap { $0 >= 0 && $0.isFinite ? $0 : nil } }

    /// A finite number.
    var number: Double? { view?.double.flatMap { $0.isFinite ? $0 : nil } }

    var text: String { String((view?.string ?? "").prefix(Self.mostLetters)) }

    /// A place in a text of bytes.
    var place: Int? { view?.int.flatMap { $0 >= 0 ? Int(exactly: $0) : nil } }

    func texts(most: Int) -> [String] {
        guard let view else { return [] }
        return view.elements.prefix(most).map { PatternField($0).text }.filter { !$0.isEmpty }
    }

    /// The first elements that `read` can make something of.
    func list<Row>(most: Int, _ read: (JSONView) -> Row?) -> [Row] {
        guard let view else { return [] }
        return view.elements.prefix(most).compactMap(read)
    }

    /// A word of lower-case letters, digits and dashes, such as the name of a task; nil for anything else.
    var word: String? {
        guard let text = view?.string, (1...32).contains(text.utf8.count),
            text.utf8.allSatisfy({ (97...122).contains($0) || (48...57).contains($0) || $0 == 45 })
        else { return nil }
        return text
    }
}
