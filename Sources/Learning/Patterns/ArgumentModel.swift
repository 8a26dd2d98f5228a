import Learners

/// Predicts the arguments of a tool's next call: which keys it has, and from where each value is copied.
///
/// Every value of the session that a rule leads to (`SessionValues`) and every frequent value of the argument
/// is a guess whose share of hits is counted per argument and rule (`HitRates`); a value is as likely as the
/// best rule that leads to it. The keys are the tool's most frequent sets of keys.
///
/// Memory: 1 MiB of rates and at most `mostSlots` arguments with eight values of 256 bytes.
/// - Complexity: about 200 rules an argument, one probe each.
package struct ArgumentModel: Sendable {
    package static let rateBits = 16
    static let mostSlots = 4096
    private static let mostGuesses = 3
    /// Rules that hit more rarely are passed over.
    private static let leastShare: Float = 0.005
    /// What a value that no rule leads to is held for.
    private static let unknownShare: Float = 0.02

    struct Guess: Sendable {
        var value: ArgumentValue
        var share: Float
    }

    /// What is known of the next arguments of one tool.
    struct Outlook: Sendable {
        /// Sets of keys by falling share.
        var keySets: [(keys: [String], share: Float)] = []
        /// The values of each argument by falling share.
        var guesses: [String: [Guess]] = [:]
    }

    private var rates: HitRates
    private var slots: [UInt64: FrequentValues] = [:]

    init(rateBits: Int) { rates = HitRates(bits: rateBits) }

    var memoryBytes: Int {
        rates.memoryBytes + slots.count * FrequentValues.most * (FrequentValues.mostBytes + 64)
    }

    /// - Complexity: about 10 us an argument.
    func outlook(_ symbol: Int, _ session: SessionValues) -> Outlook {
        var outlook = Outlook()
        let sets = slots[Self.slot(symbol, nil)]?.values ?? []
        let total = sets.reduce(0) { $0 + Float($1.count) } + 0.5
        for (value, count) in sets {
            outlook.keySets.append((Self.keys(value), Float(count) / total))
        }
        for keySet in outlook.keySets.prefix(Self.mostGuesses) {
            for key in keySet.keys where outlook.guesses[key] == nil {
                outlook.guesses[key] = guesses(symbol, key, session)
            }
        }
        return outlook
    }

    /// The most likely arguments of an outlook with their probabilities, most likely first.
    func likely(_ outlook: Outlook) -> [(arguments: CallArguments, share: Float)] {
        var found: [(arguments: CallArguments, share: Float)] = []
        for (keys, share) in outlook.keySets.prefix(2) {
            let ranked = keys.map { outlook.guesses[$0] ?? [] }
            guard ranked.allSatisfy({ !$0.isEmpty }) else { continue }
            func compose(_ changed: Int?, _ rank: Int) {
                var (members, product): ([CallArguments.Member], Float) = ([], share)
                for (index, key) in keys.enumerated() {
                    let guess = ranked[index][index == changed ? rank : 0]
                    members.append(.init(key: key, value: guess.value))
                    product *= guess.share
                }
                found.append((CallArguments(members), product))
            }
            compose(nil, 0)
            for index in keys.indices.prefix(4) {
                for rank in 1..<max(1, min(Self.mostGuesses, ranked[index].count)) { compose(index, rank) }
            }
        }
        return found.sorted { $0.share > $1.share }
    }

    /// The probability of some arguments.
    func share(_ arguments: CallArguments, _ outlook: Outlook) -> Float {
        let keys = arguments.members.map(\.key)
        var product = outlook.keySets.first { $0.keys == keys }?.share ?? Self.unknownShare
        for member in arguments.members {
            let guess = outlook.guesses[member.key]?.first { $0.value == member.value }
            product *= max(guess?.share ?? 0, Self.unknownShare)
        }
        return product
    }

    mutating func learn(_ symbol: Int, _ arguments: CallArguments, _ session: SessionValues) {
        var joined: [UInt8] = []
        for member in arguments.members { joined += Array(member.key.utf8) + [0] }
        update(Self.slot(symbol, nil)) {
            $0.insert(ArgumentValue(isString: true, text: joined))
        }
        for member in arguments.members {
            let key = SessionValues.key(member.key)
            let slot = Self.slot(symbol, key)
            for source in session.shared {
                rates.record(HashMix.mix(slot, source.rule), isHit: source.text == member.value.text)
            }
            for source in session.unused(symbol, key) {
                rates.record(HashMix.mix(slot, source.rule), isHit: source.text == member.value.text)
            }
            for (rank, frequent) in (slots[slot]?.values ?? []).enumerated() {
                rates.record(Self.constant(slot, rank), isHit: frequent.value == member.value)
            }
            update(slot) { $0.insert(member.value) }
        }
    }

    private mutating func update(_ slot: UInt64, _ change: (inout FrequentValues) -> Void) {
        if slots[slot] == nil, slots.count >= Self.mostSlots { return }
        change(&slots[slot, default: FrequentValues()])
    }

    private func guesses(_ symbol: Int, _ key: String, _ session: SessionValues) -> [Guess] {
        let name = SessionValues.key(key)
        let slot = Self.slot(symbol, name)
        let frequent = slots[slot]?.values ?? []
        let isString = frequent.first?.value.isString ?? true
        var shares: [ArgumentValue: Float] = [:]
        func add(_ source: SessionValues.Source, _ share: Float) {
            guard source.isString != nil || isString || Self.isScalar(source.text) else { return }
            let value = ArgumentValue(isString: source.isString ?? isString, text: source.text)
            shares[value] = max(shares[value] ?? 0, share)
        }
        for index in session.rules.indices {
            let share = rates.rate(HashMix.mix(slot, session.rules[index]))
            if share > Self.leastShare { add(session.shared[index], share) }
        }
        for source in session.unused(symbol, name) {
            let share = rates.rate(HashMix.mix(slot, source.rule))
            if share > Self.leastShare { add(source, share) }
        }
        for (rank, each) in frequent.enumerated() {
            let share = rates.rate(Self.constant(slot, rank))
            shares[each.value] = max(shares[each.value] ?? 0, share, 0.001)
        }
        let ranked = shares.sorted { a, b in
            a.value != b.value ? a.value > b.value : a.key.text.lexicographicallyPrecedes(b.key.text)
        }
        return ranked.prefix(12).map { Guess(value: $0.key, share: min($0.value, 0.99)) }
    }

    /// Whether text is a number or a literal of JSON.
    private static func isScalar(_ text: [UInt8]) -> Bool {
        let text = String(decoding: text, as: UTF8.self)
        if ["true", "false", "null"].contains(text) { return true }
        guard let first = text.utf8.first, first == UInt8(ascii: "-") || (48...57).contains(first) else {
            return false
        }
        let digits = text.utf8.drop { $0 == UInt8(ascii: "-") }
        guard digits.first != UInt8(ascii: "0") || digits.count == 1 || digits.dropFirst().first == 46 else {
            return false
        }
        return digits.last != 46 && digits.allSatisfy { (48...57).contains($0) || $0 == 46 }
            && digits.count { $0 == 46 } < 2 && !digits.isEmpty && text.utf8.count - digits.count < 2
    }

    private static func keys(_ value: ArgumentValue) -> [String] {
        value.text.split(separator: 0).map { String(decoding: $0, as: UTF8.self) }
    }

    private static func slot(_ symbol: Int, _ key: UInt64?) -> UInt64 {
        HashMix.mix(UInt64(truncatingIfNeeded: symbol) &+ 1, key ?? 0)
    }

    private static func constant(_ slot: UInt64, _ rank: Int) -> UInt64 {
        HashMix.mix(slot ^ 0xC0_5747, UInt64(rank))
    }
}

extension ArgumentModel {
    func save(to encoder: inout ByteEncoder) {
        rates.save(to: &encoder)
        encoder.write(UInt64(slots.count))
        for (slot, values) in slots.sorted(by: { $0.key < $1.key }) {
            encoder.write(slot)
            values.save(to: &encoder)
        }
    }

    /// Reads a model; nil from bytes that none wrote.
    init?(rateBits: Int, restoring decoder: inout ByteDecoder) {
        guard let rates = HitRates(bits: rateBits, restoring: &decoder),
            let count = decoder.integer(upTo: UInt64(Self.mostSlots))
        else { return nil }
        self.rates = rates
        for _ in 0..<count {
            guard let slot = decoder.integer(), let values = FrequentValues(restoring: &decoder) else {
                return nil
            }
            slots[slot] = values
        }
    }
}
