import Learners

/// Queries that were asked before, and which tools were right for them.
///
/// Two views of a new query: the nearest past queries by the cosine of their rare words, each voting for its
/// tools, and how often each of its words led to each tool.
///
/// Memory: at most 100 bytes a feature, of `mostFeatures`, and 32 KiB for each 256 of `mostQueries` queries.
struct QueryLog: Sendable {
    static let mostQueries = 4096
    static let mostFeatures = 32_768
    static let mostTools = 16
    private static let mostPostings = 128
    private static let nearest = 8
    private static let leastCosine: Float = 0.05

    private struct Past: Sendable {
        /// Queries with the feature, the latest last.
        var queries: [(serial: UInt32, weight: Float)] = []
        var tools: [(tool: Int32, count: Float)] = []
        /// How many queries had it.
        var total: Float = 0
    }

    struct Votes: Sendable {
        /// The cosine of the nearest query of each tool.
        var nearest: [Float]
        /// The root of the sum of squared cosines of the near queries.
        var summed: [Float]
        /// How much the query's words led to each tool.
        var words: [Float]
    }

    private var features: [UInt64: Past] = [:]
    /// Of the latest queries, by serial modulo `mostQueries`: their norms and tools.
    private var norms: [Float] = []
    private var tools: [[Int32]] = []
    private(set) var count: UInt32 = 0

    var memoryBytes: Int { features.count * (64 + Self.mostPostings * 16) + norms.count * 128 }

    func votes(_ query: [TextFeatures.Feature], documents: Int) -> Votes {
        var votes = Votes(
            nearest: [Float](repeating: 0, count: documents), summed: [Float](repeating: 0, count: documents),
            words: [Float](repeating: 0, count: documents))
        var products = [Float](repeating: 0, count: norms.count)
        var square: Float = 0
        let oldest = count > UInt32(Self.mostQueries) ? count - UInt32(Self.mostQueries) : 0
        for feature in query {
            let (past, times) = (features[feature.hash], feature.count)
            let rarity = rarity(past?.total ?? 0)
            let weight = rarity * Self.damped(times)
            square += weight * weight
            guard let past else { continue }
            for entry in past.queries where entry.serial >= oldest {
                products[Int(entry.serial) % Self.mostQueries] += weight * rarity * entry.weight
            }
            for entry in past.tools where Int(entry.tool) < documents {
                votes.words[Int(entry.tool)] +=
                    min(times, 1) * rarity * entry.count / (entry.count + 0.5) * entry.count
                    / (past.total + 1)
            }
        }
        let norm = square.squareRoot() + 1e-9
        for place in products.indices { products[place] = min(1, products[place] / (norm * norms[place])) }
        for place in Self.greatest(products) where products[place] >= Self.leastCosine {
            for tool in tools[place] where Int(tool) < documents {
                votes.summed[Int(tool)] += products[place] * products[place]
                votes.nearest[Int(tool)] = max(votes.nearest[Int(tool)], products[place])
            }
        }
        for index in votes.summed.indices where votes.summed[index] > 0 {
            votes.summed[index].formSquareRoot()
        }
        return votes
    }

    mutating func insert(_ query: [TextFeatures.Feature], tools relevant: [Int]) {
        let found = relevant.prefix(Self.mostTools).map { Int32(clamping: $0) }
        var square: Float = 0
        let serial = count
        count = count == .max ? count : count + 1
        for feature in query {
            guard features[feature.hash] != nil || features.count < Self.mostFeatures else { continue }
            var past = features.removeValue(forKey: feature.hash) ?? Past()
            past.total += 1
            let weight = Self.damped(feature.count)
            let value = weight * rarity(past.total)
            square += value * value
            if past.queries.count == Self.mostPostings { past.queries.removeFirst() }
            past.queries.append((serial, weight))
            for tool in found {
                if let index = past.tools.firstIndex(where: { $0.tool == tool }) {
                    past.tools[index].count += 1
                } else if past.tools.count < Self.mostPostings {
                    past.tools.append((tool, 1))
                }
            }
            features[feature.hash] = past
        }
        let norm = square.squareRoot() + 1e-9
        if norms.count < Self.mostQueries {
            norms.append(norm)
            tools.append(found)
        } else {
            norms[Int(serial) % Self.mostQueries] = norm
            tools[Int(serial) % Self.mostQueries] = found
        }
    }

    private func rarity(_ total: Float) -> Float {
        Transcendental.logarithm(1 + Float(count) / (1 + total))
    }

    private static func damped(_ times: Float) -> Float {
        times >= 1 ? 1 + Transcendental.logarithm(times) : times
    }

    /// The places of the greatest few values.
    private static func greatest(_ values: [Float]) -> [Int] {
        var places: [Int] = []
        for place in values.indices where values[place] > 0 {
            if places.count == nearest, values[place] <= values[places[nearest - 1]] { continue }
            let position = places.firstIndex { values[$0] < values[place] } ?? places.count
            places.insert(place, at: position)
            if places.count > nearest { places.removeLast() }
        }
        return places
    }
}

extension QueryLog {
    func save(to encoder: inout ByteEncoder) {
        encoder.write(UInt64(count))
        encoder.write(UInt64(norms.count))
        for place in norms.indices {
            encoder.write(norms[place])
            encoder.write(UInt64(tools[place].count))
            for tool in tools[place] { encoder.write(UInt64(tool)) }
        }
        encoder.write(UInt64(features.count))
        for (feature, past) in features.sorted(by: { $0.key < $1.key }) {
            encoder.write(feature)
            encoder.write(past.total)
            encoder.write(UInt64(past.queries.count))
            for entry in past.queries {
                encoder.write(UInt64(entry.serial))
                encoder.write(entry.weight)
            }
            encoder.write(UInt64(past.tools.count))
            for entry in past.tools {
                encoder.write(UInt64(entry.tool))
                encoder.write(entry.count)
            }
        }
    }

    /// Reads a log; nil from bytes that none wrote.
    init?(restoring decoder: inout ByteDecoder) {
        guard let count = decoder.word(),
            let kept = decoder.integer(upTo: UInt64(min(Int(count), Self.mostQueries))),
            Int(kept) == min(Int(count), Self.mostQueries)
        else { return nil }
        self.count = count
        for _ in 0..<kept {
            guard let norm = decoder.float(), norm > 0,
                let found = decoder.integers(most: Self.mostTools, upTo: UInt64(Int32.max))
            else { return nil }
            norms.append(norm)
            tools.append(found.map { Int32($0) })
        }
        guard let features = decoder.integer(upTo: UInt64(Self.mostFeatures)) else { return nil }
        for _ in 0..<features {
            guard let feature = decoder.integer(), let past = past(&decoder) else { return nil }
            self.features[feature] = past
        }
    }

    private func past(_ decoder: inout ByteDecoder) -> Past? {
        guard let total = decoder.float(), total >= 0, total < 1e9,
            let queries = decoder.integer(upTo: UInt64(Self.mostPostings))
        else { return nil }
        var past = Past(total: total)
        for _ in 0..<queries {
            guard let serial = decoder.word(), serial < count, let weight = decoder.float(),
                weight.magnitude < 1e6
            else { return nil }
            past.queries.append((serial, weight))
        }
        guard let tools = decoder.integer(upTo: UInt64(Self.mostPostings)) else { return nil }
        for _ in 0..<tools {
            guard let tool = decoder.integer(upTo: UInt64(Int32.max)), let times = decoder.float(), times > 0,
                times < 1e9
            else { return nil }
            past.tools.append((Int32(tool), times))
        }
        return past
    }
}
