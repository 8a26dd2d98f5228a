/// Secrets that are good for one use within a short time, each standing for a subject.
///
/// The clock is the caller's: all instants are readings of one monotonic clock. At most `capacity` are alive,
/// and at most `perSubject` of one subject: issuing a further one gives up the subject's oldest.
///
/// - Complexity: O(capacity) each; tokens are compared in a time that does not depend on their digits.
package struct OneTimeTokens<Subject: Hashable & Sendable>: Sendable {
    package static var bytes: Int { 32 }

    private struct Entry {
        let secret: [UInt8]
        let subject: Subject
        let expiry: Duration
    }

    package let lifetime: Duration
    private let capacity: Int
    private let perSubject: Int
    /// The oldest first.
    private var entries: [Entry] = []

    package init(lifetime: Duration = .seconds(5), capacity: Int = 64, perSubject: Int = 4) {
        self.lifetime = lifetime
        self.capacity = max(1, capacity)
        self.perSubject = max(1, perSubject)
    }

    package var count: Int { entries.count }

    /// A new token as 64 hexadecimal digits; nil while as many as there may be are alive.
    ///
    /// - Parameter random: a cryptographic generator.
    package mutating func issue(
        for subject: Subject, at now: Duration, using random: inout some RandomNumberGenerator
    ) -> String? {
        entries.removeAll { $0.expiry <= now }
        if entries.count(where: { $0.subject == subject }) >= perSubject,
            let oldest = entries.firstIndex(where: { $0.subject == subject })
        {
            entries.remove(at: oldest)
        }
        guard entries.count < capacity else { return nil }
        let secret = (0..<Self.bytes).map { _ in UInt8.random(in: .min ... .max, using: &random) }
        entries.append(Entry(secret: secret, subject: subject, expiry: now + lifetime))
        return Hexadecimal.text(secret)
    }

    /// Uses a token up.
    ///
    /// - Returns: nil if it was used, has expired or was never issued.
    package mutating func redeem(_ digits: [UInt8], at now: Duration) -> Subject? {
        entries.removeAll { $0.expiry <= now }
        guard digits.count == 2 * Self.bytes, let secret = Hexadecimal.bytes(digits) else { return nil }
        var found: Int?
        for index in entries.indices {
            var difference: UInt8 = 0
            for place in 0..<Self.bytes { difference |= entries[index].secret[place] ^ secret[place] }
            if difference == 0 { found = index }
        }
        return found.map { entries.remove(at: $0).subject }
    }

    /// Takes back all tokens of a subject.
    package mutating func revoke(_ subject: Subject) {
        entries.removeAll { $0.subject == subject }
    }
}
