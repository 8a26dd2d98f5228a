/// What a stream of numbers usually is at each half hour of a period, such as a day or a week.
///
/// Each half hour has a mean of the values and one of smoothed values, even over the first ten of each and
/// forgetting a tenth with each one after them.
///
/// Memory: 17 bytes a half hour.
package struct SeasonalProfile: Sendable, Equatable {
    package static let slotSeconds: Int64 = 1800
    private static let rate = 0.1
    private static let mostCount: UInt8 = 10

    private var plain: [Double]
    private var smooth: [Double]
    private var counts: [UInt8]

    /// - Parameter slots: half hours of the period, from 1 to 336.
    package init(slots: Int) {
        plain = [Double](repeating: 0, count: slots)
        smooth = plain
        counts = [UInt8](repeating: 0, count: slots)
    }

    package var memoryBytes: Int { 17 * counts.count }

    /// What is usual at a time in seconds since any Monday's midnight or another start of the period; nil
    /// where nothing is known.
    package func usual(at time: Int64) -> (plain: Double, smooth: Double)? {
        let slot = slot(time)
        return counts[slot] > 0 ? (plain[slot], smooth[slot]) : nil
    }

    package mutating func insert(_ value: Double, smoothed: Double, at time: Int64) {
        let slot = slot(time)
        counts[slot] = min(counts[slot] + 1, Self.mostCount)
        let rate = max(Self.rate, 1 / Double(counts[slot]))
        plain[slot] += rate * (value - plain[slot])
        smooth[slot] += rate * (smoothed - smooth[slot])
    }

    private func slot(_ time: Int64) -> Int {
        let (slots, number) = (Int64(counts.count), time / Self.slotSeconds - (time < 0 ? 1 : 0))
        return Int((number % slots + slots) % slots)
    }
}

extension SeasonalProfile {
    package func save(to encoder: inout ByteEncoder) {
        for slot in counts.indices {
            encoder.write(UInt64(counts[slot]))
            guard counts[slot] > 0 else { continue }
            encoder.write(plain[slot])
            encoder.write(smooth[slot])
        }
    }

    /// Reads a profile; nil from bytes that none of that size wrote.
    package init?(slots: Int, restoring decoder: inout ByteDecoder) {
        self.init(slots: slots)
        for slot in 0..<slots {
            guard let count = decoder.integer(upTo: UInt64(Self.mostCount)) else { return nil }
            counts[slot] = UInt8(count)
            guard count > 0 else { continue }
            guard let value = decoder.double(), let smoothed = decoder.double(), value.magnitude <= 1e30,
                smoothed.magnitude <= 1e30
            else { return nil }
            (plain[slot], smooth[slot]) = (value, smoothed)
        }
    }
}
