/// Finds what was probably meant by a misspelt word.
enum Spelling {
    /// The candidate with the smallest edit distance, when it is near enough to be meant; the first of
    /// equals.
    static func closest(to word: String, among candidates: some Sequence<String>) -> String? {
        let limit = max(1, min(3, word.count / 3 + 1))
        var best: (candidate: String, distance: Int)?
        for candidate in candidates {
            let found = distance(word.lowercased(), candidate.lowercased())
            if found <= limit, found < best?.distance ?? .max { best = (candidate, found) }
        }
        return best?.candidate
    }

    /// The number of insertions, deletions, replacements and exchanges of neighbours between two words
    /// (optimal string alignment).
    ///
    /// - Complexity: O(n·m), both cut at 64 characters.
    static func distance(_ left: String, _ right: String) -> Int {
        let left = Array(left.unicodeScalars.prefix(64))
        let right = Array(right.unicodeScalars.prefix(64))
        var older: [Int] = []
        var previous = Array(0...right.count)
        for row in left.indices {
            var current = [row + 1]
            for column in right.indices {
                let replaced = previous[column] + (left[row] == right[column] ? 0 : 1)
                var cost = min(replaced, previous[column + 1] + 1, current[column] + 1)
                if row > 0, column > 0, left[row] == right[column - 1], left[row - 1] == right[column] {
                    cost = min(cost, older[column - 1] + 1)
                }
                current.append(cost)
            }
            older = previous
            previous = current
        }
        return previous[right.count]
    }
}
