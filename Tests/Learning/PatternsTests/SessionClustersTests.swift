import Patterns
import TestSupport
import Testing

@Suite("Groups of sessions") struct SessionClustersTests {
    private static let kinds = [
        ["getMail", "sendMail", "deleteMail", "listMails"], ["list_files", "read_file", "write_file"],
        ["CreateInvoice", "PayInvoice", "FindInvoices"],
    ]

    @Test(
        "Sessions whose tools are named alike form one group, others do not",
        arguments: 1...5 as ClosedRange<UInt64>)
    func kinds(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        var clusters = SessionClusters(most: 32)
        var found: [(kind: Int, cluster: Int)] = []
        for _ in 0..<120 {
            let kind = Int.random(in: 0..<3, using: &random)
            let tools = (0..<6).map { _ in random.pick(Self.kinds[kind]) }
            found.append((kind, clusters.insert(tools)))
        }
        let groups = clusters.groups()
        for kind in 0..<3 {
            let own = Set(found.suffix(60).filter { $0.kind == kind }.map { groups[$0.cluster] })
            #expect(own.count == 1, "seed \(seed), kind \(kind)")
        }
        #expect(Set(found.suffix(60).map { groups[$0.cluster] }).count == 3, "seed \(seed)")
    }

    @Test("A session without tools belongs somewhere too") func empty() {
        var clusters = SessionClusters(most: 2)
        for _ in 0..<5 { #expect(clusters.insert([]) < 2) }
        #expect(clusters.groups().count <= 2)
    }
}
