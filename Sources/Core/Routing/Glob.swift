/// A pattern for names: `*` stands for any number of characters, `?` for exactly one, all else for itself.
///
/// Case counts, and the whole name must match. There is no escape: tool names hold neither `*` nor `?` in
/// practice.
package struct Glob: Sendable {
    package let pattern: String
    private let automaton: PatternAutomaton

    package init(_ pattern: String) {
        self.pattern = pattern
        automaton = PatternAutomaton(
            pattern.utf8.map { byte in
                switch byte {
                case UInt8(ascii: "*"): .run(stops: [])
                case UInt8(ascii: "?"): .character
                default: .byte(byte)
                }
            })
    }

    /// - Complexity: O(text × (pattern / 64 + 1)), in bytes, for every pattern.
    package func matches(_ text: String) -> Bool { matches([UInt8](text.utf8).span) }

    package func matches(_ utf8: Span<UInt8>) -> Bool { automaton.matches(utf8) }
}

extension Glob: Hashable {
    package static func == (left: Glob, right: Glob) -> Bool { left.pattern == right.pattern }
    package func hash(into hasher: inout Hasher) { hasher.combine(pattern) }
}

extension Glob: ExpressibleByStringLiteral {
    package init(stringLiteral pattern: String) { self.init(pattern) }
}
