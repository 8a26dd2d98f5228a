import Learners
import Patterns
import TestSupport

struct ToolSearchUnderTest: LearnerUnderTest {
    private static let words = ["mail", "send", "Search", "file", "map", "热榜", "", "get-weather", "x"]

    private var search = ToolSearch()

    init(seed: UInt64) {
        for number in 0..<12 {
            _ = search.insert(
                ToolSearch.Tool(
                    server: "s\(number % 3)", name: "\(Self.words[number % 9])_\(number)",
                    description: "does \(Self.words[(number * 5) % 9])", parameters: "id number"))
        }
    }

    mutating func step(_ random: inout SeededGenerator) -> [Double] {
        let question = (0..<Int.random(in: 0...4, using: &random))
            .map { _ in random.pick(Self.words) }.joined(separator: " ")
        let ranked = search.rank(question, most: 5)
        search.learn(question, tools: [Int.random(in: -1..<14, using: &random)])
        return ranked.flatMap { [Double($0.tool), Double($0.probability)] }
    }

    func save(to encoder: inout ByteEncoder) { search.save(to: &encoder) }

    static func restored(_ decoder: inout ByteDecoder, seed: UInt64) -> Self? {
        guard let search = ToolSearch(restoring: &decoder) else { return nil }
        var learner = Self(seed: seed)
        learner.search = search
        return learner
    }

    var memoryBytes: Int { search.memoryBytes }

    /// Few words, and the log of 1,500 questions.
    static let memoryBound = 1 << 19
}
