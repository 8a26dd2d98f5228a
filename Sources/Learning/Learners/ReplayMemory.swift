/// The latest examples of a learner over hashed features, kept to be learned from again.
///
/// Replay makes up for the few steps that a short stream gives (Lin, "Self-improving reactive agents based on
/// reinforcement learning, planning and teaching", Machine Learning 8, 1992).
///
/// Memory: 272 bytes an example, `1 << bits` examples.
struct ReplayMemory: Sendable {
    /// Of an example with more features the first are kept.
    static let mostFeatures = 64
    static let exampleBytes = 272

    private struct Example: Sendable {
        var symbol: Int32
        var count: Int16
        /// How many of its features stand before the second kind.
        var split: Int16
    }

    private var features: [UInt32]
    private var examples: [Example] = []
    private var next = 0

    /// - Parameter bits: the binary logarithm of the number of examples, from 1 to 12.
    init(bits: Int) {
        precondition(bits >= 1 && bits <= 12, "the number of examples is out of range")
        features = [UInt32](repeating: 0, count: Self.mostFeatures << bits)
        examples.reserveCapacity(1 << bits)
    }

    var capacity: Int { features.count / Self.mostFeatures }
    var memoryBytes: Int { capacity * Self.exampleBytes }

    /// Keeps an example in place of the oldest one.
    /// - Parameters:
    ///   - found: features of which only 32 bits from the 20th on are kept; see `HashedSoftmax`.
    ///   - split: how many of them stand before the second kind.
    mutating func insert(_ symbol: Int, _ found: [UInt64], split: Int) {
        let count = min(found.count, Self.mostFeatures)
        for index in 0..<count {
            features[next * Self.mostFeatures + index] = UInt32(truncatingIfNeeded: found[index] >> 20)
        }
        let example = Example(
            symbol: Int32(clamping: symbol), count: Int16(count), split: Int16(min(split, count)))
        if next < examples.count { examples[next] = example } else { examples.append(example) }
        next = (next + 1) % capacity
    }

    /// The place of an example, as a hash chooses it; nil while there is none.
    func draw(_ hash: UInt64) -> Int? {
        examples.isEmpty ? nil : Int(truncatingIfNeeded: hash >> 33) % examples.count
    }

    /// What came.
    func symbol(_ place: Int) -> Int { Int(examples[place].symbol) }

    /// Reads the features of an example and gives their split.
    func read(_ place: Int, into found: inout [UInt64]) -> Int {
        found.removeAll(keepingCapacity: true)
        let first = place * Self.mostFeatures
        for index in first..<first + Int(examples[place].count) {
            found.append(UInt64(features[index]) << 20)
        }
        return Int(examples[place].split)
    }
}

extension ReplayMemory {
    func save(to encoder: inout ByteEncoder) {
        encoder.write(UInt64(examples.count))
        encoder.write(UInt64(next))
        for (place, example) in examples.enumerated() {
            encoder.write(UInt64(max(0, example.symbol)))
            encoder.write(UInt64(example.count))
            encoder.write(UInt64(example.split))
            let first = place * Self.mostFeatures
            for index in first..<first + Int(example.count) { encoder.write(UInt64(features[index])) }
        }
    }

    /// Reads examples; nil from bytes that none of that size wrote.
    init?(bits: Int, restoring decoder: inout ByteDecoder) {
        self.init(bits: bits)
        guard let count = decoder.integer(upTo: UInt64(capacity)),
            let next = decoder.integer(upTo: UInt64(capacity - 1)), next <= count
        else { return nil }
        self.next = Int(next)
        for place in 0..<Int(count) {
            guard let symbol = decoder.integer(upTo: UInt64(Int32.max)),
                let found = decoder.integer(upTo: UInt64(Self.mostFeatures)),
                let split = decoder.integer(upTo: found)
            else { return nil }
            examples.append(Example(symbol: Int32(symbol), count: Int16(found), split: Int16(split)))
            for index in 0..<Int(found) {
                guard let feature = decoder.word() else { return nil }
                features[place * Self.mostFeatures + index] = feature
            }
        }
    }
}
