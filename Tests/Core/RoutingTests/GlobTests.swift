import TestSupport
import Testing

@testable import Routing

struct GlobTests {
    @Test(
        "A star stands for any characters, a question mark for one, all else for itself",
        arguments: [
            ("", "", true), ("", "a", false), ("*", "", true), ("*", "anything", true),
            ("git_*", "git_log", true),
            ("git_*", "git", false), ("*_log", "git_log", true), ("g*_l?g", "git__log", true),
            ("?", "", false),
            ("?", "ab", false), ("**a", "bba", true), ("a.c", "abc", false), ("[a]", "a", false),
            ("A", "a", false),
            ("a*b*c", "a-c-b", false), ("a*b*c", "a-b-c-b-c", true),
        ])
    func wildcards(_ row: (String, String, Bool)) {
        #expect(Glob(row.0).matches(row.1) == row.2)
    }

    @Test("A question mark stands for a whole character of several bytes")
    func characters() {
        #expect(Glob("?").matches("é"))
        #expect(Glob("??").matches("日本"))
        #expect(!Glob("?").matches("日本"))
        #expect(Glob("a?*").matches("a🙂"))
        #expect(!Glob("a??").matches("a🙂"))
        #expect(Glob("?é").matches("éé"))
    }

    @Test("Patterns and names of more than 64 bytes match like short ones")
    func long() {
        let name = String(repeating: "ab", count: 200)
        #expect(Glob(name).matches(name))
        #expect(!Glob(name + "c").matches(name))
        #expect(Glob(String(repeating: "a?", count: 199) + "*b").matches(name))
        #expect(Glob(String(repeating: "?", count: 400)).matches(name))
        #expect(!Glob(String(repeating: "?", count: 401)).matches(name))
    }

    @Test("A pattern that makes backtracking matchers explode costs one pass")
    func noBlowUp() {
        let pattern = Glob(String(repeating: "a*", count: 500) + "b")
        #expect(!pattern.matches(String(repeating: "a", count: 10_000)))
    }

    @Test(
        "Every pattern agrees with a matcher written from the definition", arguments: [1, 2, 3] as [UInt64])
    func agreesWithReference(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        for _ in 0..<4_000 {
            let pattern = random.text(from: ["a", "b", "é", "*", "?"], length: 0...7)
            let text = random.text(from: ["a", "b", "é", "日"], length: 0...9)
            let expected = reference(Array(pattern.unicodeScalars)[...], Array(text.unicodeScalars)[...])
            #expect(Glob(pattern).matches(text) == expected, "seed \(seed): \(pattern) against \(text)")
        }
    }

    private func reference(_ pattern: ArraySlice<Unicode.Scalar>, _ text: ArraySlice<Unicode.Scalar>) -> Bool
    {
        guard let first = pattern.first else { return text.isEmpty }
        if first == "*" {
            return (0...text.count).contains { reference(pattern.dropFirst(), text.dropFirst($0)) }
        }
        guard let character = text.first, first == "?" || first == character else { return false }
        return reference(pattern.dropFirst(), text.dropFirst())
    }
}
