import Testing

@testable import Configuration

@Suite("Diagnostics on a terminal and as JSON")
struct RenderingTests {
    @Test("the text names the place, shows the line with carets under the value, and what to do")
    func plain() throws {
        let found = try #require(refusal("[core]\n\tthraeds = 2\n").first)
        #expect(
            found.rendered(colored: false) == """
                attune.toml:2:2: error: unknown key `thraeds` in [core]
                 2 | \tthraeds = 2
                   | \t^^^^^^^
                  = did you mean `threads`?
                """)
    }

    @Test("colours are escape sequences around the same text")
    func colored() throws {
        let found = try #require(refusal("[core]\nthreads = 0").first)
        let stripped = found.rendered(colored: true).replacing(/\u{1B}\[[0-9]*m/, with: "")
        #expect(stripped == found.rendered(colored: false))
        #expect(found.rendered(colored: true).contains("\u{1B}[31m"))
    }

    @Test("a long line is cut around the place")
    func long() throws {
        let text = "[servers.a]\ncommand = \"x\"\nargs = [\(String(repeating: "\"ä\", ", count: 500))7]"
        let lines = try #require(refusal(text).first).rendered(colored: false).split(separator: "\n")
        #expect(lines[1].count < 120)
        let caret = try #require(Array(lines[2]).firstIndex(of: "^"))
        #expect(Array(lines[1])[caret] == "7")
    }

    @Test("control characters of the file do not reach the terminal")
    func control() throws {
        let found = try #require(refusal("[core]\n\"a\\u001b[31m\" = 1 ").first)
        #expect(!found.rendered(colored: false).contains("\u{1B}"))
    }

    @Test("JSON has every field, null where nothing is known")
    func json() throws {
        let found = refusal("[core]\nthraeds = 2") + [Diagnostic(severity: .warning, file: "f", message: "m")]
        #expect(
            String(decoding: Diagnostic.json(found), as: UTF8.self) == """
                [{"column":1,"file":"attune.toml","length":7,"line":2,\
                "message":"unknown key `thraeds` in [core]","severity":"error",\
                "source_line":"thraeds = 2","suggestion":"did you mean `threads`?"},\
                {"column":null,"file":"f","length":1,"line":null,"message":"m","severity":"warning",\
                "source_line":null,"suggestion":null}]
                """)
    }

    @Test(
        "a misspelt word finds the one that was meant",
        arguments: [
            ("thraeds", "threads"), ("Listen", "listen"), ("max_conections", "max_connections"), ("zzz", nil),
            ("li", nil),
        ] as [(String, String?)])
    func spelling(_ word: String, _ meant: String?) {
        #expect(Spelling.closest(to: word, among: ["listen", "threads", "max_connections"]) == meant)
    }
}
