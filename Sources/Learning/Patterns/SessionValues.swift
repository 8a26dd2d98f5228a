import Learners

/// The values that a session has shown so far, each with where it stands, for arguments that copy them.
///
/// A source is a hash of a rule that leads to one value: an argument of the latest call of a tool, the n-th
/// value after a label in its result, the one after the value that was used last, the first that was not used
/// yet.
///
/// Memory: the latest `mostCalls` calls, each with at most 32 arguments of `mostTextBytes` and 64 values of
/// 96 bytes.
struct SessionValues: Sendable {
    static let mostCalls = 12
    static let mostTextBytes = 256
    private static let mostOccurrences = 3
    private static let mostPlaces = 6
    static let mostShared = 512

    struct Source: Sendable {
        var rule: UInt64
        var text: [UInt8]
        /// nil for text of a result, which may be meant as a string or not.
        var isString: Bool?
    }

    private struct Call: Sendable {
        var symbol: Int
        var arguments: [(key: UInt64, value: ArgumentValue)]
        var values: [ResultValues.Value]
    }

    /// The latest first.
    private var calls: [Call] = []
    /// What may be copied into any argument, each rule once.
    private(set) var shared: [Source] = []
    /// Their rules by themselves: most lead nowhere, and their texts need not be touched.
    private(set) var rules: [UInt64] = []

    mutating func insert(_ symbol: Int, _ arguments: CallArguments?, _ result: ArraySlice<UInt8>) {
        let kept = (arguments?.members ?? []).filter { $0.value.text.count <= Self.mostTextBytes }
        let call = Call(
            symbol: symbol, arguments: kept.map { (Self.key($0.key), $0.value) },
            values: ResultValues.read(result))
        if calls.count == Self.mostCalls { calls.removeLast() }
        calls.insert(call, at: 0)
        share()
    }

    static func key(_ name: String) -> UInt64 { HashMix.hash(Array(name.utf8)[...]) }

    /// Rules that lead to a value whatever the argument is.
    private mutating func share() {
        var found: [Source] = []
        var tools: Set<Int> = []
        var keys: Set<UInt64> = []
        for call in calls {
            let isLatest = tools.insert(call.symbol).inserted
            let tool = UInt64(truncatingIfNeeded: call.symbol)
            for (name, value) in call.arguments {
                if isLatest { Self.add(Self.rule(1, tool, name), value, to: &found) }
                if keys.insert(name).inserted { Self.add(Self.rule(2, name), value, to: &found) }
            }
            if isLatest { addValues(call, tool, to: &found) }
        }
        shared = Array(found.prefix(Self.mostShared))
        rules = shared.map(\.rule)
    }

    private func addValues(_ call: Call, _ tool: UInt64, to found: inout [Source]) {
        var occurrences: [UInt64: Int] = [:]
        var last: [UInt64: [UInt8]] = [:]
        for (place, value) in call.values.enumerated() {
            let occurrence = occurrences[value.label, default: 0]
            occurrences[value.label] = occurrence + 1
            last[value.label] = value.text
            if occurrence < Self.mostOccurrences {
                found.append(
                    Source(rule: Self.rule(3 + UInt64(occurrence), tool, value.label), text: value.text))
            }
            if place < Self.mostPlaces {
                found.append(Source(rule: Self.rule(8, tool, UInt64(place)), text: value.text))
            }
        }
        for label in occurrences.keys.sorted() where (occurrences[label] ?? 0) > 1 {
            found.append(Source(rule: Self.rule(9, tool, label), text: last[label] ?? []))
        }
    }

    /// Values of results that the argument has not had yet, and the one after its latest.
    func unused(_ symbol: Int, _ key: UInt64) -> [Source] {
        var used: [[UInt8]] = []
        for call in calls where call.symbol == symbol {
            for (name, value) in call.arguments where name == key { used.append(value.text) }
        }
        guard let latest = used.first else { return [] }
        var found: [Source] = []
        var labels: Set<UInt64> = []
        var isNextFound = false
        for call in calls {
            let tool = UInt64(truncatingIfNeeded: call.symbol)
            var label: UInt64?
            for value in call.values {
                if !isNextFound, value.label == label, value.text != latest {
                    found.append(Source(rule: Self.rule(10, 0), text: value.text))
                    isNextFound = true
                }
                if value.text == latest { label = value.label }
                guard !used.contains(value.text) else { continue }
                if labels.insert(HashMix.mix(tool, value.label)).inserted {
                    found.append(Source(rule: Self.rule(11, tool, value.label), text: value.text))
                }
            }
        }
        return found
    }

    private static func add(_ rule: UInt64, _ value: ArgumentValue, to found: inout [Source]) {
        found.append(Source(rule: rule, text: value.text, isString: value.isString))
    }

    private static func rule(_ kind: UInt64, _ a: UInt64, _ b: UInt64 = 0) -> UInt64 {
        HashMix.mix(HashMix.mix(kind, a), b)
    }
}

extension SessionValues {
    func save(to encoder: inout ByteEncoder) {
        encoder.write(UInt64(calls.count))
        for call in calls {
            encoder.write(UInt64(call.symbol))
            encoder.write(UInt64(call.arguments.count))
            for (key, value) in call.arguments {
                encoder.write(key)
                encoder.write(UInt64(value.isString ? 1 : 0))
                encoder.write(value.text)
            }
            encoder.write(UInt64(call.values.count))
            for value in call.values {
                encoder.write(value.label)
                encoder.write(value.text)
            }
        }
    }

    /// Reads values; nil from bytes that none wrote.
    init?(mostSymbols: Int, restoring decoder: inout ByteDecoder) {
        guard let count = decoder.integer(upTo: UInt64(Self.mostCalls)) else { return nil }
        for _ in 0..<count {
            guard let symbol = decoder.integer(upTo: UInt64(mostSymbols - 1)),
                let arguments = Self.arguments(&decoder), let values = Self.values(&decoder)
            else { return nil }
            calls.append(Call(symbol: Int(symbol), arguments: arguments, values: values))
        }
        share()
    }

    private static func arguments(_ decoder: inout ByteDecoder) -> [(key: UInt64, value: ArgumentValue)]? {
        guard let count = decoder.integer(upTo: UInt64(CallArguments.mostMembers)) else { return nil }
        var found: [(key: UInt64, value: ArgumentValue)] = []
        for _ in 0..<count {
            guard let key = decoder.integer(), let isString = decoder.integer(upTo: 1),
                let text = decoder.run(upTo: mostTextBytes)
            else { return nil }
            found.append((key, ArgumentValue(isString: isString == 1, text: text)))
        }
        return found
    }

    private static func values(_ decoder: inout ByteDecoder) -> [ResultValues.Value]? {
        guard let count = decoder.integer(upTo: UInt64(ResultValues.mostValues)) else { return nil }
        var found: [ResultValues.Value] = []
        for _ in 0..<count {
            guard let label = decoder.integer(), let text = decoder.run(upTo: ResultValues.mostTextBytes)
            else {
                return nil
            }
            found.append(.init(label: label, text: text))
        }
        return found
    }
}
