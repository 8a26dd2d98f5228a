/// Groups sparse vectors online: each goes to the nearest of many small clusters; near clusters form groups.
///
/// Leader clustering by the cosine with weights of inverse document frequency (Hartigan, "Clustering
/// algorithms", 1975; micro-clusters as in CluStream: Aggarwal et al., VLDB 2003); groups by average linkage.
///
/// Once there are `most`, the nearest ones are merged until an eighth of the places is free. Clusters are
/// sums, so that those of a sibling can be added.
///
/// Memory: 16 KiB a cluster, at most `most`.
/// - Complexity: `insert` entries times clusters; `groups`, `merge` and one `insert` in `most / 8` clusters
///   squared times `dimensions`.
package struct MicroClusters: Sendable {
    /// Where a vector went.
    package struct Placement: Sendable, Equatable {
        package var cluster: Int
        /// Where each cluster of before is now, if some were merged.
        package var moved: [Int]?
    }

    package static let dimensions = 4096
    /// The least cosine with a cluster for a vector to go there.
    private static let near: Float = 0.25
    /// The least mean cosine of two groups that become one.
    private static let linked: Float = 0.25

    private let most: Int
    /// The sum of each cluster's vectors: the clusters of a dimension lie together.
    private var sums: [Float]
    private var squares: [Float]
    /// How many vectors each cluster has.
    package private(set) var sizes: [Float] = []
    /// In how many vectors each dimension was set.
    private var frequencies = [Float](repeating: 1, count: dimensions)
    private var vectors: Float = 2
    private var products: [Float]

    /// - Parameter most: how many clusters there may be, from 2 to 1024.
    package init(most: Int) {
        precondition(most >= 2 && most <= 1024, "the number of clusters is out of range")
        self.most = most
        sums = [Float](repeating: 0, count: Self.dimensions * most)
        squares = [Float](repeating: 0, count: most)
        products = squares
    }

    package var memoryBytes: Int { (sums.count + Self.dimensions + 3 * most) * 4 }

    /// Adds a vector, given by hashes of features with their weights, and tells its cluster.
    package mutating func insert(_ features: [(hash: UInt64, weight: Float)]) -> Placement {
        var placement = Placement(cluster: 0)
        placement.cluster = add(weighed(features), size: 1, square: 1, &placement.moved)
        return placement
    }

    /// Adds a sum of vectors to the nearest cluster, or as one of its own.
    private mutating func add(
        _ vector: [(dimension: Int, weight: Float)], size: Float, square: Float, _ moved: inout [Int]?
    ) -> Int {
        for index in sizes.indices { products[index] = 0 }
        for (dimension, weight) in vector {
            let first = dimension * most
            for index in sizes.indices { products[index] += weight * sums[first + index] }
        }
        var (chosen, best): (Int, Float) = (0, -1)
        for index in sizes.indices {
            let cosine = products[index] / max(squares[index], 1e-12).squareRoot()
            if cosine > best { (chosen, best) = (index, cosine) }
        }
        // What has no features is like nothing, so it takes no place of its own.
        if sizes.isEmpty || !vector.isEmpty && best <= Self.near * square.squareRoot() {
            if sizes.count == most { moved = condense() }
            chosen = sizes.count
            sizes.append(0)
            products[chosen] = 0
        }
        sizes[chosen] += size
        squares[chosen] += 2 * products[chosen] + square
        for (dimension, weight) in vector { sums[dimension * most + chosen] += weight }
        return chosen
    }

    /// The group of each cluster, named by the first cluster in it.
    package func groups() -> [Int] { linked(above: Self.linked, least: 1) }

    /// Joins the two nearest groups again and again, until `least` are left or none are near enough.
    private func linked(above bound: Float, least: Int) -> [Int] {
        let count = sizes.count
        var links = cosines()
        var (weights, group) = (sizes, Array(0..<count))
        for _ in 0..<max(0, count - least) {
            var (a, b, best): (Int, Int, Float) = (0, 0, bound)
            for i in 0..<count where weights[i] > 0 {
                for j in 0..<i where weights[j] > 0 {
                    let link = links[i * count + j]
                    guard link >= best else { continue }
                    // Of equally near ones the smallest.
                    if link == best, a == b || weights[i] + weights[j] >= weights[a] + weights[b] { continue }
                    (a, b, best) = (j, i, link)
                }
            }
            guard a != b else { break }
            let total = weights[a] + weights[b]
            for i in 0..<count where weights[i] > 0 && i != a && i != b {
                let (x, y) = (max(a, i) * count + min(a, i), max(b, i) * count + min(b, i))
                links[x] = (links[x] * weights[a] + links[y] * weights[b]) / total
            }
            (weights[a], weights[b]) = (total, 0)
            for i in group.indices where group[i] == b { group[i] = a }
        }
        return group
    }

    /// Merges the nearest clusters until an eighth of the places is free, and tells where each is now.
    private mutating func condense() -> [Int] {
        let group = linked(above: -2, least: most - max(1, most / 8))
        let kept = group.indices.filter { group[$0] == $0 }
        for dimension in 0..<Self.dimensions {
            let first = dimension * most
            for cluster in group.indices where group[cluster] != cluster {
                sums[first + group[cluster]] += sums[first + cluster]
            }
            for (place, cluster) in kept.enumerated() { sums[first + place] = sums[first + cluster] }
            for place in kept.count..<group.count { sums[first + place] = 0 }
        }
        for (cluster, into) in group.enumerated() where into != cluster { sizes[into] += sizes[cluster] }
        sizes = kept.map { sizes[$0] }
        for place in squares.indices { squares[place] = 0 }
        for dimension in 0..<Self.dimensions {
            for place in kept.indices {
                let sum = sums[dimension * most + place]
                squares[place] += sum * sum
            }
        }
        let places = Dictionary(uniqueKeysWithValues: kept.enumerated().map { ($1, $0) })
        return group.map { places[$0] ?? 0 }
    }

    /// Adds a sibling's clusters, and tells where each of both is now.
    package mutating func merge(_ other: MicroClusters) -> (own: [Int], other: [Int]) {
        var (own, theirs) = (Array(sizes.indices), [Int]())
        for cluster in other.sizes.indices {
            let vector = (0..<Self.dimensions).map { ($0, other.sums[$0 * other.most + cluster]) }
            var moved: [Int]?
            let place = add(
                vector.filter { $0.1 != 0 }, size: other.sizes[cluster], square: other.squares[cluster],
                &moved)
            if let moved { (own, theirs) = (own.map { moved[$0] }, theirs.map { moved[$0] }) }
            theirs.append(place)
        }
        vectors += other.vectors - 2
        for dimension in frequencies.indices { frequencies[dimension] += other.frequencies[dimension] - 1 }
        return (own, theirs)
    }

    /// The cosine of each two clusters, below the diagonal.
    private func cosines() -> [Float] {
        let count = sizes.count
        var found = [Float](repeating: 0, count: count * count)
        for dimension in 0..<Self.dimensions {
            let first = dimension * most
            for i in 0..<count where sums[first + i] != 0 {
                let sum = sums[first + i]
                for j in 0..<i { found[i * count + j] += sum * sums[first + j] }
            }
        }
        for i in 0..<count {
            for j in 0..<i { found[i * count + j] /= max(squares[i] * squares[j], 1e-12).squareRoot() }
        }
        return found
    }

    /// A vector of unit length, by its dimensions; those that are rare weigh more.
    private mutating func weighed(
        _ features: [(hash: UInt64, weight: Float)]
    ) -> [(dimension: Int, weight: Float)] {
        var values: [Int: Float] = [:]
        for feature in features where feature.weight > 0 && feature.weight < 1e6 {
            values[Int(feature.hash >> 20 & UInt64(Self.dimensions - 1)), default: 0] += feature.weight
        }
        vectors += 1
        var (vector, square): ([(dimension: Int, weight: Float)], Float) = ([], 0)
        for (dimension, value) in values.sorted(by: { $0.key < $1.key }) {
            frequencies[dimension] += 1
            let weight = value * Transcendental.logarithm(vectors / frequencies[dimension])
            vector.append((dimension, weight))
            square += weight * weight
        }
        let scale = 1 / max(square, 1e-12).squareRoot()
        return vector.map { ($0.dimension, $0.weight * scale) }
    }
}

extension MicroClusters {
    package func save(to encoder: inout ByteEncoder) {
        encoder.write(vectors)
        for frequency in frequencies { encoder.write(frequency) }
        encoder.write(UInt64(sizes.count))
        for cluster in sizes.indices {
            encoder.write(sizes[cluster])
            encoder.write(squares[cluster])
            let used = (0..<Self.dimensions).filter { sums[$0 * most + cluster] != 0 }
            encoder.write(UInt64(used.count))
            for dimension in used {
                encoder.write(UInt64(dimension))
                encoder.write(sums[dimension * most + cluster])
            }
        }
    }

    /// Reads clusters; nil from bytes that none of as many wrote.
    package init?(most: Int, restoring decoder: inout ByteDecoder) {
        self.init(most: most)
        guard let vectors = decoder.float(), vectors >= 2 else { return nil }
        self.vectors = vectors
        for dimension in 0..<Self.dimensions {
            guard let frequency = decoder.float(), frequency >= 1, frequency <= vectors else { return nil }
            frequencies[dimension] = frequency
        }
        guard let count = decoder.integer(upTo: UInt64(most)) else { return nil }
        for cluster in 0..<Int(count) {
            guard let size = decoder.float(), size >= 1, let square = decoder.float(), square >= 0,
                let used = decoder.integer(upTo: UInt64(Self.dimensions))
            else { return nil }
            sizes.append(size)
            squares[cluster] = square
            for _ in 0..<used {
                guard let dimension = decoder.integer(upTo: UInt64(Self.dimensions - 1)),
                    let sum = decoder.float()
                else { return nil }
                sums[Int(dimension) * most + cluster] = sum
            }
        }
    }
}
