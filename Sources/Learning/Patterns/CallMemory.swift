import Learners

/// Numbers calls by their tool and arguments, and keeps what they were.
///
/// Memory: at most `mostCalls` calls of at most `mostBytes`; the oldest number is given to a new call, and
/// what was counted of it counts for the new one until it fades.
struct CallMemory: Sendable {
    static let mostCalls = 8192
    /// Longer arguments are not kept.
    static let mostBytes = 1024

    struct Call: Sendable, Hashable {
        var symbol: Int
        var arguments: [UInt8]

        func hash(into hasher: inout Hasher) {
            hasher.combine(symbol)
            // Proof: the bytes are read within the closure, for which the array holds them.
            unsafe arguments.withUnsafeBytes { unsafe hasher.combine(bytes: $0) }
        }
    }

    private var calls: [Call] = []
    private var numbers: [Call: Int] = [:]
    private var next = 0

    subscript(number: Int) -> Call? { number >= 0 && number < calls.count ? calls[number] : nil }

    func number(_ call: Call) -> Int? { numbers[call] }

    /// The call's number, given to it now if it has none; nil for one that is too long.
    mutating func insert(_ call: Call) -> Int? {
        if let known = numbers[call] { return known }
        guard call.arguments.count <= Self.mostBytes else { return nil }
        let number = next
        next = (next + 1) % Self.mostCalls
        if number < calls.count {
            numbers[calls[number]] = nil
            calls[number] = call
        } else {
            calls.append(call)
        }
        numbers[call] = number
        return number
    }

    var memoryBytes: Int { calls.reduce(0) { $0 + 2 * ($1.arguments.count + 64) } }
}

extension CallMemory {
    func save(to encoder: inout ByteEncoder) {
        encoder.write(UInt64(calls.count))
        encoder.write(UInt64(next))
        for call in calls {
            encoder.write(UInt64(call.symbol))
            encoder.write(call.arguments)
        }
    }

    /// Reads calls; nil from bytes that none wrote.
    init?(mostSymbols: Int, restoring decoder: inout ByteDecoder) {
        guard let count = decoder.integer(upTo: UInt64(Self.mostCalls)),
            let next = decoder.integer(upTo: count), next < Self.mostCalls
        else { return nil }
        for number in 0..<Int(count) {
            guard let symbol = decoder.integer(upTo: UInt64(mostSymbols - 1)),
                let arguments = decoder.run(upTo: Self.mostBytes)
            else { return nil }
            let call = Call(symbol: Int(symbol), arguments: arguments)
            calls.append(call)
            numbers[call] = number
        }
        guard numbers.count == calls.count else { return nil }
        self.next = Int(next)
    }
}
