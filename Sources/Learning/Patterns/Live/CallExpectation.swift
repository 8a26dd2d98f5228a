import Learners

/// What was expected of a call before anything was learned from it.
package struct CallExpectation: Sendable {
    /// Of the session, in all learners.
    let session: UInt64
    let place: UInt64
    /// The number of the tool.
    let symbol: Int
    /// The tools among which it was expected.
    let vocabulary: SequenceVocabulary
    /// Place of the tool among the candidates; nil for one that was not among them.
    let rank: Int?
    /// The surprisal of the tool.
    let toolBits: Float
    /// Whether the first guess was this very call; nil where no guess was made or the arguments are not
    /// known.
    let isGuessed: Bool?
    let factors: CallFactors
    let failure: Float
    let latency: LatencyForecast.Forecast
    /// That the result is that of the same call before; nil for one that was not made before.
    let cacheability: Float?
}
