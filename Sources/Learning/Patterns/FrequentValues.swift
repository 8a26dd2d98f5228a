import Learners

/// The most frequent values of one argument, in the manner of SpaceSaving (Metwally, Agrawal, El Abbadi, ICDT
/// 2005).
///
/// Memory: `most` values of at most `mostBytes`.
struct FrequentValues: Sendable {
    static let most = 8
    static let mostBytes = 256
    private static let mostCount: UInt32 = 1 << 16

    /// By falling count; equal counts with the latest first.
    private(set) var values: [(value: ArgumentValue, count: UInt32)] = []

    mutating func insert(_ value: ArgumentValue) {
        guard value.text.count <= Self.mostBytes else { return }
        var count: UInt32 = 1
        if let index = values.firstIndex(where: { $0.value == value }) {
            count = values.remove(at: index).count + 1
        } else if values.count == Self.most {
            count = values.removeLast().count + 1
        }
        let place = values.firstIndex { $0.count <= count } ?? values.count
        values.insert((value, count), at: place)
        if count >= Self.mostCount {
            for index in values.indices { values[index].count = max(1, values[index].count / 2) }
        }
    }
}

extension FrequentValues {
    func save(to encoder: inout ByteEncoder) {
        encoder.write(UInt64(values.count))
        for (value, count) in values {
            encoder.write(UInt64(value.isString ? 1 : 0))
            encoder.write(value.text)
            encoder.write(UInt64(count))
        }
    }

    /// Reads values; nil from bytes that none wrote.
    init?(restoring decoder: inout ByteDecoder) {
        guard let count = decoder.integer(upTo: UInt64(Self.most)) else { return nil }
        for _ in 0..<count {
            guard let isString = decoder.integer(upTo: 1), let text = decoder.run(upTo: Self.mostBytes),
                let times = decoder.integer(upTo: UInt64(Self.mostCount)),
                UInt32(times) <= values.last?.count ?? .max
            else { return nil }
            values.append((ArgumentValue(isString: isString == 1, text: text), UInt32(times)))
        }
    }
}
