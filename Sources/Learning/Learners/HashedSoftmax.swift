/// A softmax over symbols, linear in hashed features: one row of weights a feature, learned by gradient.
///
/// `score(v) = sum over features f of W[hash(f)][v mod 64]`, the hashing trick of Weinberger et al., "Feature
/// hashing for large scale multitask learning", ICML 2009; steps are those of AdaGrad by row (Duchi, Hazan,
/// Singer, JMLR 12, 2011).
///
/// Memory: 260 bytes a row, `1 << bits` rows.
/// - Complexity: features times candidates, for scoring and for learning.
package struct HashedSoftmax: Sendable {
    static let width = 64

    private(set) var weights: [Float]
    /// The sum of squared gradients of each row.
    private(set) var energy: [Float]
    private let mask: Int

    /// - Parameter bits: the binary logarithm of the number of rows, from 4 to 20.
    package init(bits: Int) {
        precondition(bits >= 4 && bits <= 20, "the number of rows is out of range")
        weights = [Float](repeating: 0, count: Self.width << bits)
        energy = [Float](repeating: 0, count: 1 << bits)
        mask = (1 << bits) - 1
    }

    package var memoryBytes: Int { weights.count * 4 + energy.count * 4 }

    /// Adds each candidate's score to `scores`.
    @inline(__always)
    package func add(_ feature: UInt64, _ symbols: [Int], scale: Float, to scores: inout [Float]) {
        let row = (Int(truncatingIfNeeded: feature >> 20) & mask) &* Self.width
        guard energy[row / Self.width] > 0 else { return }
        for index in 0..<symbols.count {
            scores[index] += scale * weights[row + symbols[index] & (Self.width - 1)]
        }
    }

    /// Steps down the gradient of the scores.
    @inline(__always)
    package mutating func learn(
        _ feature: UInt64, _ symbols: [Int], gradient: [Float], scale: Float, rate: Float
    ) {
        let place = Int(truncatingIfNeeded: feature >> 20) & mask
        let row = place &* Self.width
        var square: Float = 0
        for index in 0..<symbols.count { square += gradient[index] * gradient[index] }
        energy[place] += square * scale * scale
        let step = rate * scale / (0.1 + energy[place]).squareRoot()
        for index in 0..<symbols.count where gradient[index].magnitude > 0.002 {
            weights[row + symbols[index] & (Self.width - 1)] -= step * gradient[index]
        }
    }
}

extension HashedSoftmax {
    /// Writes the rows that have learned.
    package func save(to encoder: inout ByteEncoder) {
        let used = energy.indices.filter { energy[$0] > 0 }
        encoder.write(UInt64(used.count))
        for row in used {
            encoder.write(UInt64(row))
            encoder.write(energy[row])
            for weight in row * Self.width..<(row + 1) * Self.width { encoder.write(weights[weight]) }
        }
    }

    /// Reads rows; nil from bytes that no softmax of that size wrote.
    package init?(bits: Int, restoring decoder: inout ByteDecoder) {
        self.init(bits: bits)
        guard let count = decoder.integer(upTo: UInt64(mask + 1)) else { return nil }
        for _ in 0..<count {
            guard let row = decoder.integer(upTo: UInt64(mask)), let sum = decoder.float(), sum > 0 else {
                return nil
            }
            energy[Int(row)] = sum
            for weight in 0..<Self.width {
                guard let value = decoder.float() else { return nil }
                weights[Int(row) * Self.width + weight] = value
            }
        }
    }
}
