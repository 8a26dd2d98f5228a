import Learners

/// Groups sessions by what their tools are called: words and runs of four letters of the names.
///
/// Memory: that of 256 `MicroClusters`, 4 MiB.
package struct SessionClusters: Sendable {
    package static let most = 256
    private static let mostNameBytes = 128
    private static let mostTools = 256
    /// The weight of a run of letters beside a word's.
    private static let runWeight: Float = 0.3

    private var clusters: MicroClusters

    package init(most: Int = most) { clusters = MicroClusters(most: most) }

    /// Adds a session by the tools that it called, and tells its small cluster.
    package mutating func insert(_ tools: [String]) -> Int {
        var counts: [UInt64: Float] = [:]
        for tool in tools.prefix(Self.mostTools) {
            Self.count(Array(tool.utf8.prefix(Self.mostNameBytes)), &counts)
        }
        let features = counts.sorted { $0.key < $1.key }.map { (hash: $0.key, weight: Self.damped($0.value)) }
        return clusters.insert(features)
    }

    /// The group of each small cluster.
    package func groups() -> [Int] { clusters.groups() }

    package var memoryBytes: Int { clusters.memoryBytes }

    /// Repeated features count by their logarithm.
    private static func damped(_ count: Float) -> Float {
        count < 1 ? count : 1 + Transcendental.logarithm(count)
    }

    private static func count(_ name: [UInt8], _ counts: inout [UInt64: Float]) {
        var word: [UInt8] = []
        func end() {
            if !word.isEmpty { counts[HashMix.mix(HashMix.hash(word[...]), 1), default: 0] += 1 }
            word.removeAll(keepingCapacity: true)
        }
        for index in name.indices {
            let byte = name[index]
            let isUpper = (65...90).contains(byte)
            // A word starts at a capital after a small letter, or before one.
            let startsWord =
                isUpper
                && (index > 0 && !(65...90).contains(name[index - 1])
                    || index + 1 < name.count && (97...122).contains(name[index + 1]))
            if startsWord { end() }
            guard isUpper || (97...122).contains(byte) || (48...57).contains(byte) || byte >= 0x80 else {
                end()
                continue
            }
            word.append(isUpper ? byte + 32 : byte)
        }
        end()
        let small = name.map { (65...90).contains($0) ? $0 + 32 : $0 }
        guard small.count >= 4 else { return }
        for first in 0...(small.count - 4) {
            counts[HashMix.mix(HashMix.hash(small[first..<first + 4]), 2), default: 0] += runWeight
        }
    }
}

extension SessionClusters {
    package func save(to encoder: inout ByteEncoder) { clusters.save(to: &encoder) }

    /// Reads clusters; nil from bytes that none of as many wrote.
    package init?(most: Int = most, restoring decoder: inout ByteDecoder) {
        guard let clusters = MicroClusters(most: most, restoring: &decoder) else { return nil }
        self.clusters = clusters
    }
}
