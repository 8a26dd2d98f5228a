import Learners

/// How large the parts of `TrafficPatterns` are, so that all of them fit in a number of bytes.
///
/// `shift` halves every table so many times that they take two thirds of the bytes at most; sessions have the
/// rest. Arguments are predicted from `callBytes` on.
package struct PatternSizes: Sendable, Equatable {
    /// What the tables take that are not halved, at most.
    static let tableBytes = 62 << 20
    /// What guesses of arguments take beside them.
    static let argumentBytes = 32 << 20
    package static let callBytes = 100 << 20
    private static let mostShift = 6
    private static let leastBytes = 3 << 20

    package let bytes: Int
    let shift: Int

    /// - Parameter bytes: what patterns may take; at least 3 MiB count.
    package init(bytes: Int) {
        let bytes = max(Self.leastBytes, bytes)
        self.bytes = bytes
        shift = (0..<Self.mostShift).first { Self.tableBytes >> $0 <= bytes / 3 * 2 } ?? Self.mostShift
    }

    /// Whether the arguments of the next call are predicted, too.
    package var hasArguments: Bool { bytes >= Self.callBytes }

    var sequence: SequenceModel.Sizes {
        SequenceModel.Sizes(
            lineBits: 18 - shift, rowBits: 12 - shift, expertBits: 13 - shift, mostSymbols: mostTools)
    }

    var anomaly: SessionAnomaly.Sizes {
        SessionAnomaly.Sizes(
            resultBits: 17 - shift, argumentBits: 16 - shift, wordBits: 16 - shift, effectBits: 12)
    }

    /// Tools beyond them are left out.
    package var mostTools: Int { 4096 >> shift }
    /// Tools whose latencies and sizes are followed as series.
    var mostSeries: Int { 256 >> shift }
    var clusters: Int { 256 >> shift }
    var forecastBits: Int { 16 - shift }
    var sequenceBits: Int { max(4, 12 - shift) }
    var mutationBits: Int { 13 - shift }
    /// What is read of a result.
    var resultBytes: Int { shift == 0 ? 4096 : 1024 }
    var mostArgumentBytes: Int { shift == 0 ? 4096 : 1024 }
    package var mostSessions: Int { min(512, max(8, sessionBytes / LiveSession.leastBytes)) }
    /// What sessions may take together.
    var sessionBytes: Int {
        bytes - Self.tableBytes >> shift - (hasArguments ? Self.argumentBytes : 0)
    }
}
