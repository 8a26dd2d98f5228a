/// How surprising each byte of a text is, after texts of the same kind and after all texts.
///
/// Three estimates by absolute discounting, each the next one's prior (PPM: Cleary, Witten, IEEE Trans. Comm.
/// 32(4), 1984; discounts: Ney, Essen, Kneser, Computer Speech and Language 8, 1994): after the latest
/// three bytes in any text, after two and after four in texts of the kind.
///
/// Memory: 64 bytes a line of counts, `1 << bits` lines.
/// - Complexity: three lines of counts a byte.
package struct ByteModel: Sendable {
    private static let discount: Float = 0.5

    private var counts: ContextCounts
    private var salt: UInt64

    package init(bits: Int, seed: UInt64 = 0) {
        counts = ContextCounts(bits: bits)
        salt = HashMix.mix(seed ^ 0xB17E)
    }

    package var memoryBytes: Int { counts.memoryBytes }

    /// The surprisal of each byte in bits, above 0.
    /// - Parameter kind: a hash of what texts have in common, such as a tool.
    package func surprisals(_ text: ArraySlice<UInt8>, kind: UInt64) -> [Float] {
        var window: UInt32 = 0
        return text.map { byte in
            var share: Float = 1 / 256
            let contexts = contexts(window, kind)
            refine(&share, contexts.any, byte)
            refine(&share, contexts.short, byte)
            refine(&share, contexts.long, byte)
            window = window << 8 | UInt32(byte)
            return -Transcendental.logarithm(max(share, 1e-6)) * 1.442_695
        }
    }

    /// Learns from a text of a kind.
    package mutating func learn(_ text: ArraySlice<UInt8>, kind: UInt64) {
        var window: UInt32 = 0
        for byte in text {
            let contexts = contexts(window, kind)
            counts.record(contexts.any, symbol: Int(byte))
            counts.record(contexts.short, symbol: Int(byte))
            counts.record(contexts.long, symbol: Int(byte))
            window = window << 8 | UInt32(byte)
        }
    }

    @inline(__always)
    private func contexts(
        _ window: UInt32, _ kind: UInt64
    ) -> (any: UInt64, short: UInt64, long: UInt64) {
        let kind = kind ^ salt
        return (
            HashMix.mix(salt &+ 3, UInt64(window & 0xFF_FFFF)),
            HashMix.mix(kind &+ 2, UInt64(window & 0xFFFF)),
            HashMix.mix(kind &+ 4, UInt64(window))
        )
    }

    @inline(__always)
    private func refine(_ share: inout Float, _ context: UInt64, _ byte: UInt8) {
        var (total, count): (UInt32, UInt32) = (0, 0)
        var distinct = 0
        for page in 0..<ContextCounts.mostPages {
            guard let line = counts.line(context, page: page) else { break }
            let pairs = min(counts.pairs(line), ContextCounts.pairsPerLine)
            for index in 0..<pairs {
                let pair = counts.pair(line, index)
                total += pair.count
                if pair.symbol == Int(byte) { count = pair.count }
            }
            distinct += pairs
            if pairs < ContextCounts.pairsPerLine { break }
        }
        guard total > 0 else { return }
        let unit = Float(ContextCounts.unit)
        let (seen, all) = (Float(count) / unit, Float(total) / unit)
        let kept = max(0, seen - Self.discount)
        share = (kept + (Self.discount * Float(distinct) + Self.discount) * share) / (all + Self.discount)
    }
}

extension ByteModel {
    package func save(to encoder: inout ByteEncoder) {
        encoder.write(salt)
        counts.save(to: &encoder)
    }

    /// Reads a model; nil from bytes that none of that size wrote.
    package init?(bits: Int, restoring decoder: inout ByteDecoder) {
        guard let salt = decoder.integer(), let counts = ContextCounts(bits: bits, restoring: &decoder) else {
            return nil
        }
        (self.salt, self.counts) = (salt, counts)
    }
}
