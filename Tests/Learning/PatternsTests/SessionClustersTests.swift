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
            found.append((kind, clusters.insert(tools).cluster))
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
        for _ in 0..<5 { #expect(clusters.insert([]).cluster < 2) }
        #expect(clusters.groups().count <= 2)
    }

    @Test("A group is named by the tools that tell it from the others") func names() {
        var clusters = SessionClusters(most: 32)
        for number in 0..<60 {
            let kind = number % 3
            _ = clusters.insert(Self.kinds[kind] + ["login"] + (number % 20 == 0 ? ["help"] : []))
        }
        let named = clusters.named()
        #expect(named.map(\.sessions) == [20, 20, 20])
        for group in named {
            let kind = Self.kinds.firstIndex { $0.contains(group.tools[0]) }
            #expect(Set(group.tools.prefix(Self.kinds[kind ?? 0].count)) == Set(Self.kinds[kind ?? 0]))
            #expect(group.name == group.tools.prefix(2).joined(separator: ", "))
        }
        #expect(clusters.named(most: 2).count == 2)
        #expect(Set(clusters.names()) == Set(named.map(\.name)))
    }

    @Test(
        "A new kind of sessions has a cluster of its own even after more kinds than there is room for",
        arguments: 1...3 as ClosedRange<UInt64>)
    func crowded(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        var clusters = SessionClusters(most: 16)
        var places: [Int] = []
        for _ in 0..<200 {
            let placement = clusters.insert([
                String(decoding: random.bytes(12).map { $0 % 26 + 97 }, as: UTF8.self)
            ])
            if let moved = placement.moved { places = places.map { moved[$0] } }
            places.append(placement.cluster)
        }
        for kind in Self.kinds {
            for _ in 0..<5 { places.append(clusters.insert(kind).cluster) }
            #expect(Set(places.suffix(5)).count == 1, "seed \(seed)")
        }
        #expect(places.allSatisfy { $0 < 16 }, "seed \(seed)")
        #expect(clusters.named(most: 100).reduce(0) { $0 + $1.sessions } == 215, "seed \(seed)")
    }

    @Test("Two halves merged group sessions as one that saw them all") func merging() {
        var (halves, whole) = (
            [SessionClusters(most: 32), SessionClusters(most: 32)], SessionClusters(most: 32)
        )
        for number in 0..<120 {
            let tools = Self.kinds[number % 3]
            _ = halves[number / 60].insert(tools)
            _ = whole.insert(tools)
        }
        halves[0].merge(halves[1])
        #expect(halves[0].named() == whole.named())
    }
}
