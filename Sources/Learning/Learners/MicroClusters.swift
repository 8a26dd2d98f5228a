/// Groups sparse vectors online: each goes to the nearest of many small clusters; near clusters form groups.
///
/// Leader clustering by the cosine with weights of inverse document frequency (Hartigan, "Clustering
/// algorithms", 1975; micro-clusters as in CluStream: Aggarwal et al., VLDB 2003); groups by average linkage.
///
/// Memory: 16 KiB a cluster, at most `most`; once there are as many, a vector goes to the nearest anyway.
/// - Complexity: `insert` entries times clusters; `groups` clusters squared times `dimensions`.
package struct MicroClusters: Sendable {
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
    package mutating func insert(_ features: [(hash: UInt64, weight: Float)]) -> Int {
        let vector = weighed(features)
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
        if sizes.count < most, best <= Self.near {
            chosen = sizes.count
            sizes.append(0)
            products[chosen] = 0
        }
        sizes[chosen] += 1
        squares[chosen] += 2 * products[chosen] + 1
        for (dimension, weight) in vector { sums[dimension * most + chosen] += weight }
        return chosen
    }

    /// The group of each cluster, named by the first cluster in it.
    package func groups() -> [Int] {
        let count = sizes.count
        var links = cosines()
        var (weights, group) = (sizes, Array(0..<count))
        while true {
            var (a, b, best): (Int, Int, Float) = (0, 0, Self.linked)
            for i in 0..<count where weights[i] > 0 {
                for j in 0..<i where weights[j] > 0 && links[i * count + j] > best {
                    (a, b, best) = (j, i, links[i * count + j])
                }
            }
            guard a != b else { return group }
            let total = weights[a] + weights[b]
            for i in 0..<count where weights[i] > 0 && i != a && i != b {
                let (x, y) = (max(a, i) * count + min(a, i), max(b, i) * count + min(b, i))
                links[x] = (links[x] * weights[a] + links[y] * weights[b]) / total
            }
            (weights[a], weights[b]) = (total, 0)
            for i in group.indices where group[i] == b { group[i] = a }
        }
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
