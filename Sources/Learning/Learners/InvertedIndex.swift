/// Ranks documents by BM25 over hashed features (Robertson, Zaragoza: "The probabilistic relevance framework:
/// BM25 and beyond", Foundations and Trends in Information Retrieval 3, 2009, section 3).
///
/// Memory: 8 bytes a feature of a document, of at most `mostFeatures` a document, and 64 bytes a different
/// feature.
/// - Complexity: one addition for each document that has a feature of the query.
package struct InvertedIndex: Sendable {
    package static let mostDocuments = 16_384
    package static let mostFeatures = 2048
    private static let saturation: Float = 1.2
    private static let lengthShare: Float = 0.75

    private struct Posting: Sendable {
        var document: Int32
        var count: Float
    }

    private var postings: [UInt64: [Posting]] = [:]
    private var lengths: [Float] = []
    private var lengthSum: Float = 0
    private var entries = 0

    package init() {}

    package var count: Int { lengths.count }

    package var memoryBytes: Int { entries * 8 + postings.count * 64 + lengths.count * 4 }

    /// Adds a document; false where there is room for no more.
    package mutating func insert(_ features: [TextFeatures.Feature]) -> Bool {
        guard count < Self.mostDocuments else { return false }
        var length: Float = 0
        for feature in features.prefix(Self.mostFeatures) {
            postings[feature.hash, default: []].append(
                Posting(document: Int32(lengths.count), count: feature.count))
            length += feature.count
            entries += 1
        }
        lengths.append(length)
        lengthSum += length
        return true
    }

    /// Adds each document's score to `scores`, which has one element a document.
    package func score(_ query: [TextFeatures.Feature], to scores: inout [Float]) {
        let mean = max(1e-6, lengthSum / Float(max(1, count)))
        let norms = lengths.map { Self.saturation * (1 - Self.lengthShare + Self.lengthShare * $0 / mean) }
        for feature in query {
            guard let found = postings[feature.hash] else { continue }
            let (all, some) = (Float(count), Float(found.count))
            let rarity = Transcendental.logarithm(1 + (all - some + 0.5) / (some + 0.5))
            let weight = rarity * min(feature.count, 2) * (Self.saturation + 1)
            for posting in found {
                let place = Int(posting.document)
                scores[place] += weight * posting.count / (posting.count + norms[place])
            }
        }
    }
}

extension InvertedIndex {
    package func save(to encoder: inout ByteEncoder) {
        encoder.write(UInt64(lengths.count))
        encoder.write(UInt64(postings.count))
        for (feature, found) in postings.sorted(by: { $0.key < $1.key }) {
            encoder.write(feature)
            encoder.write(UInt64(found.count))
            for posting in found {
                encoder.write(UInt64(posting.document))
                encoder.write(posting.count)
            }
        }
    }

    /// Reads an index; nil from bytes that none wrote.
    package init?(restoring decoder: inout ByteDecoder) {
        guard let count = decoder.integer(upTo: UInt64(Self.mostDocuments)),
            let features = decoder.integer(upTo: UInt64(Self.mostDocuments * Self.mostFeatures))
        else { return nil }
        lengths = [Float](repeating: 0, count: Int(count))
        for _ in 0..<features {
            guard let feature = decoder.integer(), let some = decoder.integer(upTo: count) else { return nil }
            var found: [Posting] = []
            for _ in 0..<some {
                guard let document = decoder.integer(upTo: UInt64(Self.mostDocuments)), document < count,
                    let times = decoder.float(), times > 0, times < 1e6
                else { return nil }
                found.append(Posting(document: Int32(document), count: times))
                lengths[Int(document)] += times
            }
            entries += found.count
            postings[feature] = found
        }
        for length in lengths { lengthSum += length }
    }
}
