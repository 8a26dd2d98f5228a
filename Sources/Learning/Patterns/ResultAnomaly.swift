import Learners

/// Finds foreign text in results, without any signature of attacks: bytes that the tool's earlier results do
/// not lead to expect.
///
/// `score = max surprisal of 32 bytes in a row + max surprisal of 512 in a row / 8`, in bits; how unlikely a
/// score is tells the share of the tool's earlier results that scored as high.
///
/// Memory: 16 MiB of counts, and 256 bytes for each of at most `mostTools` tools.
package struct ResultAnomaly: Sendable {
    /// What was found in a result.
    package struct Finding: Sendable, Equatable {
        /// In bits.
        package var score: Float
        /// The offsets of the most surprising bytes, at most 32 or 512 as whichever tells more.
        package var span: Range<Int>
        /// The share of the tool's earlier results that scored as high, held towards 1 while there are few.
        package var share: Float
    }

    package static let mostTools = 4096
    /// What is read of a result.
    package static let mostBytes = 8192
    package static let lineBits = 18
    private static let windows = (short: 32, long: 512)
    private static let foreign = (bytes: 48, bits: Float(120))

    private var model: ByteModel
    private var tails: [UInt64: TailCounts] = [:]

    package init(lineBits: Int = lineBits, seed: UInt64 = 0) { model = ByteModel(bits: lineBits, seed: seed) }

    /// - Complexity: three lines of counts a byte.
    package func judge(_ result: ArraySlice<UInt8>, server: String, tool: String) -> Finding {
        let kind = Self.kind(server, tool)
        return finding(model.surprisals(result.prefix(Self.mostBytes), kind: kind), kind)
    }

    /// Judges a result and tells all of its foreign bytes: those in any `foreign.bytes` in a row of at least
    /// `foreign.bits` in sum. The runs are in order and apart from each other.
    package func inspect(
        _ result: ArraySlice<UInt8>, server: String, tool: String
    ) -> (finding: Finding, foreign: [Range<Int>]) {
        let kind = Self.kind(server, tool)
        let surprisals = model.surprisals(result.prefix(Self.mostBytes), kind: kind)
        var runs: [Range<Int>] = []
        var sum: Float = 0
        for index in surprisals.indices {
            sum += surprisals[index]
            if index >= Self.foreign.bytes { sum -= surprisals[index - Self.foreign.bytes] }
            guard sum >= Self.foreign.bits else { continue }
            let window = max(0, index + 1 - Self.foreign.bytes)..<index + 1
            if let last = runs.last, last.upperBound >= window.lowerBound {
                runs[runs.count - 1] = last.lowerBound..<window.upperBound
            } else {
                runs.append(window)
            }
        }
        return (finding(surprisals, kind), runs)
    }

    private func finding(_ surprisals: [Float], _ kind: UInt64) -> Finding {
        let short = Self.most(surprisals, Self.windows.short)
        let long = Self.most(surprisals, Self.windows.long)
        let score = short.sum + long.sum / 8
        return Finding(
            score: score, span: short.sum >= long.sum / 8 ? short.span : long.span,
            share: (tails[kind] ?? TailCounts()).share(atLeast: score))
    }

    /// Learns from a result.
    /// - Parameter score: what `judge` said of it before.
    package mutating func learn(
        _ result: ArraySlice<UInt8>, server: String, tool: String, score: Float
    ) {
        let kind = Self.kind(server, tool)
        model.learn(result.prefix(Self.mostBytes), kind: kind)
        guard tails[kind] != nil || tails.count < Self.mostTools else { return }
        tails[kind, default: TailCounts()].insert(score)
    }

    /// What it holds, in bytes.
    package var memoryBytes: Int { model.memoryBytes + tails.count * 320 }

    /// The window of a length with the greatest sum; the first of equal ones.
    private static func most(_ values: [Float], _ length: Int) -> (sum: Float, span: Range<Int>) {
        var sum: Float = 0
        var best: (sum: Float, span: Range<Int>) = (0, 0..<0)
        for index in values.indices {
            sum += values[index]
            if index >= length { sum -= values[index - length] }
            if sum > best.sum { best = (sum, max(0, index + 1 - length)..<index + 1) }
        }
        return best
    }

    static func kind(_ server: String, _ tool: String) -> UInt64 {
        HashMix.mix(HashMix.hash(Array(server.utf8)[...]), HashMix.hash(Array(tool.utf8)[...]))
    }
}

extension ResultAnomaly {
    package func save(to encoder: inout ByteEncoder) {
        model.save(to: &encoder)
        encoder.write(UInt64(tails.count))
        for (kind, counts) in tails.sorted(by: { $0.key < $1.key }) {
            encoder.write(kind)
            counts.save(to: &encoder)
        }
    }

    /// Reads a detector; nil from bytes that none of that size wrote.
    package init?(lineBits: Int = lineBits, restoring decoder: inout ByteDecoder) {
        guard let model = ByteModel(bits: lineBits, restoring: &decoder),
            let count = decoder.integer(upTo: UInt64(Self.mostTools))
        else { return nil }
        self.model = model
        for _ in 0..<count {
            guard let kind = decoder.integer(), let counts = TailCounts(restoring: &decoder) else {
                return nil
            }
            tails[kind] = counts
        }
    }
}
