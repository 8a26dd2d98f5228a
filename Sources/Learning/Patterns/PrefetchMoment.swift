/// What is known before a call about which one comes next and what it is worth to have made it already.
package struct PrefetchMoment: Sendable, Equatable {
    package struct Guess: Sendable, Equatable {
        /// A hash of the tool.
        package var tool: UInt64
        /// That this very call comes next.
        package var probability: Float
        /// The mean wait for the tool, in seconds.
        package var wait: Float

        package init(tool: UInt64, probability: Float, wait: Float) {
            self.tool = tool
            self.probability = probability.isFinite ? min(max(probability, 0), 1) : 0
            self.wait = wait.isFinite ? min(max(wait, 0), PrefetchMoment.mostWait) : 0
        }
    }

    /// Seconds beyond which a wait counts no more.
    static let mostWait: Float = 1000
    package static let mostGuesses = 2

    /// How many calls the session has made.
    package var step: Int
    /// A hash of the tool that it called last.
    package var latest: UInt64
    /// The most probable first, two at most.
    package let guesses: [Guess]

    package init(step: Int, latest: UInt64, guesses: [Guess]) {
        (self.step, self.latest) = (max(0, step), latest)
        self.guesses = Array(guesses.prefix(Self.mostGuesses))
    }
}
