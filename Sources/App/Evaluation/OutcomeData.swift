import Crypto

/// The outcomes of one data set: what is learned first, and what is scored.
struct OutcomeData: Sendable {
    var dataset: String
    var warm: [OutcomeRow] = []
    var scored: [OutcomeRow] = []

    /// Reads files and sorts what they hold by data set, in the order of its first row; rows with a session
    /// come in the order of the SHA-256 of its id, then those without in the order of the files.
    /// - Parameter isUsed: whether a row says what the task asks for.
    static func load(
        _ options: EvaluationOptions, _ isUsed: (OutcomeRow) -> Bool
    ) throws(EvaluationFailure) -> [OutcomeData] {
        var (names, sets): ([String], [String: OutcomeData]) = ([], [:])
        for (isWarm, paths) in [(true, options.warm), (false, options.data)] {
            for path in paths {
                try InputLines.forEach(path) { view, _ throws(EvaluationFailure) in
                    guard let row = OutcomeRow(view), isUsed(row) else { return }
                    if sets[row.dataset] == nil { names.append(row.dataset) }
                    var data = sets.removeValue(forKey: row.dataset) ?? OutcomeData(dataset: row.dataset)
                    if isWarm { data.warm.append(row) } else { data.scored.append(row) }
                    sets[row.dataset] = data
                }
            }
        }
        let found = names.compactMap { sets[$0] }.filter { !$0.scored.isEmpty }
        if found.isEmpty { throw .noRows }
        return found.map {
            OutcomeData(dataset: $0.dataset, warm: ordered($0.warm), scored: ordered($0.scored))
        }
    }

    private static func ordered(_ rows: [OutcomeRow]) -> [OutcomeRow] {
        var orders: [String: [UInt8]] = [:]
        for row in rows where !row.session.isEmpty && orders[row.session] == nil {
            orders[row.session] = Array(SHA256.hash(data: Array(row.session.utf8)))
        }
        return rows.enumerated().sorted { a, b in
            guard let first = orders[a.element.session], let second = orders[b.element.session] else {
                let (isFirst, isSecond) = (!a.element.session.isEmpty, !b.element.session.isEmpty)
                return isFirst == isSecond ? a.offset < b.offset : isFirst
            }
            return first == second ? a.offset < b.offset : first.lexicographicallyPrecedes(second)
        }.map(\.element)
    }

    /// Visits each row with whether it is scored and whether anything is learned from it.
    func replay(
        _ options: EvaluationOptions, _ progress: (String, Int, Int) -> Void,
        _ visit: (OutcomeRow, _ isScored: Bool, _ isLearned: Bool) throws(EvaluationFailure) -> Void
    ) throws(EvaluationFailure) {
        let total = warm.count + scored.count
        for (number, row) in (warm + scored).enumerated() {
            let isScored = number >= warm.count
            try visit(row, isScored, !(isScored && options.isFrozen))
            if number % 4096 == 4095 || number == total - 1 { progress(dataset, number + 1, total) }
        }
    }
}
