/// The words and runs of letters of a text, as hashes with how often each occurs.
///
/// Words are split at capitals, digits stay with letters, endings of English plurals and verbs are cut off
/// and frequent words of questions left out; characters beyond ASCII are words of their own, which suits
/// Chinese.
package struct TextFeatures: Sendable {
    /// What is read of a text, at most.
    package static let mostBytes = 4096
    private static let runLength = 4
    private static let stopWords = Set(
        """
        a an the of to in for and or is are be with on by this that it as at from i me my you your can \
        please could would want need will have has how what which
        """.split(separator: " ").map { HashMix.hash(Array($0.utf8)[...]) })

    /// A word or run of letters, and how often it occurs.
    package struct Feature: Sendable, Equatable {
        package var hash: UInt64
        package var count: Float

        package init(hash: UInt64, count: Float) { (self.hash, self.count) = (hash, count) }
    }

    private var wordCounts: [UInt64: Float] = [:]
    private var runCounts: [UInt64: Float] = [:]

    /// In the order of hashes, so that sums over them are the same in every process.
    package var words: [Feature] { Self.sorted(wordCounts) }
    package var runs: [Feature] { Self.sorted(runCounts) }

    package init() {}

    package init(_ text: [UInt8]) { insert(text, weight: 1) }

    private static func sorted(_ counts: [UInt64: Float]) -> [Feature] {
        counts.map { Feature(hash: $0.key, count: $0.value) }.sorted { $0.hash < $1.hash }
    }

    /// Counts what a text has.
    package mutating func insert(_ text: [UInt8], weight: Float) {
        let bytes = Array(text.prefix(Self.mostBytes))
        var (word, plain): ([UInt8], [UInt8]) = ([], [])
        for index in bytes.indices {
            let byte = bytes[index]
            let isUpper = (65...90).contains(byte)
            let isLetter = isUpper || (97...122).contains(byte) || (48...57).contains(byte)
            if isUpper, index > 0, (97...122).contains(bytes[index - 1]) { end(&word, weight) }
            if isLetter {
                word.append(isUpper ? byte + 32 : byte)
                plain.append(isUpper ? byte + 32 : byte)
                continue
            }
            end(&word, weight)
            endRuns(&plain, weight)
            guard byte >= 0xC0 else { continue }
            let length = byte >= 0xF0 ? 4 : byte >= 0xE0 ? 3 : 2
            let character = bytes[index..<min(bytes.count, index + length)]
            wordCounts[HashMix.mix(HashMix.hash(character), 1), default: 0] += weight
        }
        end(&word, weight)
        endRuns(&plain, weight)
    }

    private mutating func end(_ word: inout [UInt8], _ weight: Float) {
        defer { word.removeAll(keepingCapacity: true) }
        guard !word.isEmpty, !Self.stopWords.contains(HashMix.hash(word[...])) else { return }
        Self.stem(&word)
        wordCounts[HashMix.mix(HashMix.hash(word[...]), 1), default: 0] += weight
    }

    private mutating func endRuns(_ word: inout [UInt8], _ weight: Float) {
        defer { word.removeAll(keepingCapacity: true) }
        guard !word.isEmpty else { return }
        let framed = [UInt8(ascii: "<")] + word + [UInt8(ascii: ">")]
        for start in 0...max(0, framed.count - Self.runLength) {
            let run = framed[start..<min(framed.count, start + Self.runLength)]
            runCounts[HashMix.mix(HashMix.hash(run), 2), default: 0] += weight
        }
    }

    /// Cuts off one of -ies, -ing, -ed, -es and -s, then a doubled letter or a silent e.
    private static func stem(_ word: inout [UInt8]) {
        guard word.count > 3 else { return }
        let (e, s) = (UInt8(ascii: "e"), UInt8(ascii: "s"))
        if word.count == 4 {
            if word[3] == s { word.removeLast() }
            return
        }
        for (ending, rest) in [("ies", "y"), ("ing", ""), ("ed", ""), ("es", ""), ("s", "")]
        where word.count >= ending.utf8.count + 3 && word.suffix(ending.utf8.count).elementsEqual(ending.utf8)
        {
            word.removeLast(ending.utf8.count)
            word += Array(rest.utf8)
            break
        }
        if word.count > 4, word[word.count - 1] == word[word.count - 2],
            word[word.count - 1] != UInt8(ascii: "l"), word[word.count - 1] != s
        {
            word.removeLast()
        }
        if word.count > 4, word[word.count - 1] == e { word.removeLast() }
    }
}
