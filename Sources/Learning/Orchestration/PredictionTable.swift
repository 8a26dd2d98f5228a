import Learners

/// The predictions that hold, so that they outlive the state table they were published in; a bounded number.
struct PredictionTable: Sendable {
    private struct Held: Sendable {
        var prediction: Prediction
        /// CLOCK_MONOTONIC.
        var endSecond: UInt64
    }

    static let mostPredictions = 512

    private var held: [[UInt8]: Held] = [:]

    init() {}

    /// Keeps a prediction in the place of an earlier one; beyond the bound the one that ends first makes
    /// room.
    ///
    /// - Complexity: O(n) at the bound, else O(1).
    mutating func insert(_ prediction: Prediction, second: UInt64) {
        guard let key = prediction.key else { return }
        if held[key] == nil, held.count >= Self.mostPredictions,
            let first = held.min(by: { $0.value.endSecond < $1.value.endSecond })
        {
            held[first.key] = nil
        }
        let seconds = UInt64(clamping: prediction.lifetime.components.seconds)
        held[key] = Held(prediction: prediction, endSecond: second &+ seconds)
    }

    /// Drops those that would hold longer than any may, as those do that were made by another clock.
    mutating func drop(endingAfter second: UInt64) { held = held.filter { $0.value.endSecond <= second } }

    /// What publishes all that still hold.
    func changes(second: UInt64) -> [StateChange] {
        held.compactMap { key, one in
            guard one.endSecond > second else { return nil }
            return .put(
                key: key, value: one.prediction.json, lifetime: .seconds(Int64(one.endSecond - second)))
        }
    }

    func save(to encoder: inout ByteEncoder) {
        encoder.write(UInt64(held.count))
        for (_, one) in held.sorted(by: { $0.key.lexicographicallyPrecedes($1.key) }) {
            encoder.write(one.endSecond)
            encoder.write(one.prediction.json)
        }
    }

    init?(restoring decoder: inout ByteDecoder) {
        guard let count = decoder.integer(upTo: UInt64(Self.mostPredictions)) else { return nil }
        for _ in 0..<count {
            guard let end = decoder.integer(upTo: 1 << 40),
                let json = decoder.run(upTo: Prediction.mostBytes), let prediction = Prediction(json: json),
                let key = prediction.key
            else { return nil }
            held[key] = Held(prediction: prediction, endSecond: end)
        }
    }
}
