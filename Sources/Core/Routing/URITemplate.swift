/// Tells whether a URI can come from a URI template (RFC 6570), as far as finding the server needs it.
///
/// `{name}` stands for any bytes but `/`, `?` and `#`; `{+name}` and every other operator for any bytes at
/// all.
struct URITemplate: Sendable {
    /// A longer template never matches: it bounds the memory that a server can ask for.
    static let maxBytes = 512

    private let automaton: PatternAutomaton
    private let prefix: [UInt8]

    /// - Returns: nil for a template that is too long, or has a brace without its partner.
    init?(_ template: String) {
        guard template.utf8.count <= Self.maxBytes else { return nil }
        var elements: [PatternAutomaton.Element] = []
        var prefix: [UInt8] = []
        var expression: [UInt8]?
        for byte in template.utf8 {
            switch (byte, expression) {
            case (UInt8(ascii: "{"), nil): expression = []
            case (UInt8(ascii: "{"), _): return nil
            case (UInt8(ascii: "}"), nil): return nil
            case (UInt8(ascii: "}"), let name?):
                elements.append(.run(stops: Self.stops(name)))
                expression = nil
            case (_, nil):
                if prefix.count == elements.count { prefix.append(byte) }
                elements.append(.byte(byte))
            default: expression?.append(byte)
            }
        }
        guard expression == nil else { return nil }
        automaton = PatternAutomaton(elements)
        self.prefix = prefix
    }

    private static func stops(_ expression: [UInt8]) -> [UInt8] {
        let hasOperator = expression.first.map { "+#./;?&=,!@|".utf8.contains($0) } ?? false
        return hasOperator ? [] : [UInt8]("/?#".utf8)
    }

    /// - Complexity: O(URI × (template / 64 + 1)), in bytes.
    func matches(_ uri: Span<UInt8>) -> Bool {
        guard uri.count >= prefix.count else { return false }
        for offset in prefix.indices where uri[offset] != prefix[offset] { return false }
        return automaton.matches(uri)
    }
}
