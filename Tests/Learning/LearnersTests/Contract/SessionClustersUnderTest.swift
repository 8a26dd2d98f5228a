import Learners
import Patterns
import TestSupport

struct SessionClustersUnderTest: LearnerUnderTest {
    private static let most = 4

    private var clusters: SessionClusters

    init(seed: UInt64) { clusters = SessionClusters(most: Self.most) }

    mutating func step(_ random: inout SeededGenerator) -> [Double] {
        let names = [
            "getMail", "sendMail", "list_files", "read_file", "PayInvoice", "q", "", "Zürich7",
            String(repeating: "ü", count: 70),
        ]
        let tools = (0..<Int.random(in: 0...4, using: &random)).map { _ in random.pick(names) }
        let cluster = clusters.insert(tools).cluster
        guard random.chance(5) else { return [Double(cluster)] }
        return clusters.groups().map { Double($0) } + clusters.named().map { Double($0.sessions) }
    }

    mutating func merge(_ other: Self) -> Bool {
        clusters.merge(other.clusters)
        return true
    }

    func save(to encoder: inout ByteEncoder) { clusters.save(to: &encoder) }

    static func restored(_ decoder: inout ByteDecoder, seed: UInt64) -> Self? {
        guard let clusters = SessionClusters(most: most, restoring: &decoder) else { return nil }
        var learner = Self(seed: seed)
        learner.clusters = clusters
        return learner
    }

    var memoryBytes: Int { clusters.memoryBytes }

    static let memoryBound = (most + 1) * 4 * 4096 + 64 + most * 3_200
}
