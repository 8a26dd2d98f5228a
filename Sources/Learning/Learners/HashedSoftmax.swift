/// A softmax over symbols, linear in hashed features: one row of weights a feature, learned by gradient.
///
/// `score(v) = sum over features f of W[hash(f)][v mod 64]`, the hashing trick of Weinberger et al., "Feature
/// hashing for large scale multitask learning", ICML 2009; steps are those of AdaGrad by row (Duchi, Hazan,
/// Singer, JMLR 12, 2011).
///
/// Memory: 260 bytes a row, `1 << bits` rows.
/// - Complexity: features times blocks of eight columns that hold candidates, for scoring and for learning.
package struct HashedSoftmax: Sendable {
    static let width = 64
    /// A row in blocks of eight columns.
    static let blocks = width / 8
    /// Gradients below this teach nothing.
    private static let leastGradient: Float = 0.002

    /// What one prediction adds up, by columns; holds no learned state.
    package struct Columns: Sendable {
        /// A bit for each block that holds a candidate.
        fileprivate var used: UInt8 = 0
        fileprivate var values = [SIMD8<Float>](repeating: .zero, count: blocks)
        fileprivate var square: Float = 0
        private var symbols: [Int] = []

        package init() {}

        /// Starts anew for some candidates.
        package mutating func begin(_ symbols: [Int]) {
            for block in 0..<blocks { values[block] = .zero }
            guard self.symbols != symbols else { return }
            self.symbols = symbols
            used = symbols.reduce(0) { $0 | 1 << UInt8($1 >> 3 & (blocks - 1)) }
        }

        /// What was added up for a symbol.
        @inline(__always)
        package func value(_ symbol: Int) -> Float { values[symbol >> 3 & (blocks - 1)][symbol & 7] }

        /// Takes the gradients of the candidates' scores.
        package mutating func begin(_ symbols: [Int], gradient: [Float]) {
            begin(symbols)
            square = 0
            for index in symbols.indices {
                square += gradient[index] * gradient[index]
                guard gradient[index].magnitude > leastGradient else { continue }
                values[symbols[index] >> 3 & (blocks - 1)][symbols[index] & 7] += gradient[index]
            }
        }
    }

    private(set) var weights: [SIMD8<Float>]
    /// The sum of squared gradients of each row.
    private(set) var energy: [Float]
    private let mask: Int

    /// - Parameter bits: the binary logarithm of the number of rows, from 4 to 20.
    package init(bits: Int) {
        precondition(bits >= 4 && bits <= 20, "the number of rows is out of range")
        weights = [SIMD8<Float>](repeating: .zero, count: Self.blocks << bits)
        energy = [Float](repeating: 0, count: 1 << bits)
        mask = (1 << bits) - 1
    }

    package var memoryBytes: Int { weights.count * 32 + energy.count * 4 }

    /// Adds a feature's weights.
    @inline(__always)
    package func add(_ feature: UInt64, scale: Float, to columns: inout Columns) {
        let place = Int(truncatingIfNeeded: feature >> 20) & mask
        guard energy[place] > 0 else { return }
        let row = place &* Self.blocks
        var left = columns.used
        while left != 0 {
            let block = left.trailingZeroBitCount
            columns.values[block] += weights[row &+ block] * scale
            left &= left &- 1
        }
    }

    /// Steps down the gradient of the scores.
    @inline(__always)
    package mutating func learn(_ feature: UInt64, gradient: Columns, scale: Float, rate: Float) {
        let place = Int(truncatingIfNeeded: feature >> 20) & mask
        energy[place] += gradient.square * scale * scale
        let step = rate * scale / (0.1 + energy[place]).squareRoot()
        let row = place &* Self.blocks
        var left = gradient.used
        while left != 0 {
            let block = left.trailingZeroBitCount
            weights[row &+ block] -= gradient.values[block] * step
            left &= left &- 1
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
            for block in row * Self.blocks..<(row + 1) * Self.blocks {
                for column in 0..<8 { encoder.write(weights[block][column]) }
            }
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
            for column in 0..<Self.width {
                guard let value = decoder.float() else { return nil }
                weights[Int(row) * Self.blocks + column >> 3][column & 7] = value
            }
        }
    }
}
