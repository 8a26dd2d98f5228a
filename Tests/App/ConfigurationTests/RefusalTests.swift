import Testing

@testable import Configuration

@Suite("Refusing a configuration")
struct RefusalTests {
    struct Case: Sendable, CustomTestStringConvertible {
        var text: String
        var error: String
        var suggestion: String?
        var testDescription: String { error }

        init(_ text: String, _ error: String, _ suggestion: String? = nil) {
            self.text = text
            self.error = error
            self.suggestion = suggestion
        }
    }

    static let cases: [Case] = [
        Case("[core]\nlisten_on = \"x\"", "2:1 unknown key `listen_on` in [core]"),
        Case("[core]\n  thraeds = 2", "2:3 unknown key `thraeds` in [core]", "did you mean `threads`?"),
        Case("[sever.git]\ncommand = \"x\"", "1:2 unknown section [sever]", "did you mean [servers]?"),
        Case("threads = 2", "1:1 unknown key `threads` outside of a section"),
        Case("[core]\nthreads = \"2\"", "2:11 `core.threads` must be an integer, found a string"),
        Case("[core]\nthreads = 0", "2:11 `core.threads` must be between 1 and 1024, found 0"),
        Case(
            "[core]\nthreads = 1.5",
            "2:11 `core.threads` must be an integer, found a number with a fraction"),
        Case("[core]\nlisten = \"7420\"", "2:10 `core.listen` must be HOST:PORT, found \"7420\""),
        Case("[core]\nlisten = \"h:70000\"", "2:10 `core.listen` must be HOST:PORT, found \"h:70000\""),
        Case("[core]\nlisten = \"a:1\"\nadmin = \"a:1\"", "3:9 `core.listen` and `core.admin` are both a:1"),
        Case(
            "[core]\ntool_failures = \"errors\"",
            "2:17 `core.tool_failures` must be one of \"result\", \"error\", found \"errors\"",
            "did you mean \"error\"?"),
        Case(
            "[core]\nmessage_buffer_size = \"1 kilo\"",
            "2:23 `core.message_buffer_size` must be a number of bytes or a size such as \"256MiB\", "
                + "found \"1 kilo\""),
        Case(
            "[memory]\nshared_memory_size = \"1MiB\"\nring_buffer_size = \"768KiB\"\n"
                + "[core]\nstate_cache_size = \"512KiB\"",
            "3:20 `memory.ring_buffer_size` (768KiB) and `core.state_cache_size` (512KiB) do not fit in "
                + "`memory.shared_memory_size` (1MiB)"),
        Case(
            "[servers.Git]\ncommand = \"x\"",
            "1:10 the name of a server has 1 to 24 of a-z, 0-9 and -, "
                + "and starts with no -: \"Git\"", "\"git\" would do"),
        Case("[servers.git]\ntimeout_ms = 5", "1:10 [servers.git] has neither `command` nor `url`"),
        Case(
            "[servers.git]\ncommand = \"x\"\nurl = \"http://a\"",
            "1:10 [servers.git] has `command` and `url`; one of them is needed"),
        Case(
            "[servers.git]\nurl = \"http://a\"\nargs = [\"-v\"]",
            "3:1 `servers.git.args` has no meaning beside `url`"),
        Case(
            "[servers.git]\ncommand = \"x\"\nargs = [\"-p\", 80]",
            "3:15 `servers.git.args[1]` must be a string, found an integer", "write it in quotes"),
        Case(
            "[servers.git]\ncommand = \"x\"\nenv = { PORT = 80 }",
            "3:16 `servers.git.env.PORT` must be a string, found an integer", "write it in quotes"),
        Case(
            "[servers.git]\nurl = \"ftp://a\"",
            "2:7 `servers.git.url` cannot be used: only http:// and https:// addresses are supported"),
        Case(
            "[servers.git]\nurl = \"http://u:p@a\"", "2:7 `servers.git.url` must hold no user or password",
            "send them in `headers`"),
        Case(
            "[servers.git]\nurl = \"http://a\"\nheaders = { Host = \"b\" }",
            "3:13 the header Host is written by the gateway itself"),
        Case(
            "[servers.git]\nurl = \"http://a\"\nheaders = { X = \"a\\r\\nB: c\" }",
            "3:17 `servers.git.headers.X` must hold no line breaks or control characters"),
        Case("[servers]\ngit = \"x\"", "2:1 `servers.git` must be a table, found a string"),
        Case(
            "[servers.git]\ncommand = \"x\"\n[profiles.dev]\nservers = [\n  \"gti\",\n]",
            "5:3 there is no server \"gti\"", "did you mean \"git\"?"),
        Case(
            "[persistence]\nkey = \"hunter2\"",
            "2:7 `persistence.key` must be file:PATH, env:NAME or "
                + "command:LINE"),
        Case(
            "[security]\nallowed_origins = [\"example.com\"]",
            "2:20 `security.allowed_origins[0]` must be an "
                + "origin such as \"https://example.com\", found \"example.com\""),
        Case(
            "[security]\nallowed_hosts = [\"http://a\"]",
            "2:18 `security.allowed_hosts[0]` must be HOST or "
                + "HOST:PORT, without http://, found \"http://a\""),
        Case("[[security.keys]]\nprincipal = \"a\"", "1:12 [[security.keys]] has no `hash`"),
        Case(
            "[[security.keys]]\nprincipal = \"a\"\nhash = \"hunter2\"",
            "3:1 `security.keys.hash` must be sha256: and 64 hexadecimal digits"),
        Case(
            "[security]\nlocal_principal = \"anonymous\"",
            "2:1 `security.local_principal` must not be \"anonymous\", who is everybody without a key"),
        Case("[[security.rules]]\nservers = [\"a\"]", "1:12 [[security.rules]] has no `principals`"),
        Case(
            "[[security.rules]]\nprincipals = [\"*\"]\nburst = 2",
            "3:1 `security.rules.burst` has no meaning without `rate`"),
        Case(
            "[security]\nsession_key = \"abc\"",
            "2:15 `security.session_key` must be file:PATH, env:NAME or command:LINE"),
        Case(
            "[experiments.a]\nknob = \"k\"\nprimary = \"p\"\narms = [\"x\"]",
            "4:8 `experiments.a.arms` must be "
                + "two or more different names"),
        Case(
            "[policy.retry]\nmode = \"acts\"",
            "2:8 `policy.retry.mode` must be one of \"off\", \"observe\", "
                + "\"suggest\", \"act\", found \"acts\"", "did you mean \"act\"?"),
        Case(
            "[learning]\nlearning_rate = 2",
            "2:17 `learning.learning_rate` must be between 1e-09 and 1.0, "
                + "found 2.0"),
        Case("core = 1", "1:8 `core` must be a table, found an integer"),
        Case(
            "[observability]\nlog_level = 2026-01-01",
            "2:13 `observability.log_level` must be one of "
                + "\"trace\", \"debug\", \"info\", \"warn\", \"error\", found a date or time"),
    ]

    @Test("an error stands at its line and column", arguments: cases)
    func place(_ refused: Case) {
        #expect(errors(refused.text) == [refused.error])
        if let suggestion = refused.suggestion {
            #expect(refusal(refused.text).first?.suggestion == suggestion)
        }
    }

    @Test(
        "line breaks of Windows and a byte-order mark move no column",
        arguments: cases.filter { !$0.text.contains("\\r") })
    func windows(_ refused: Case) {
        let text =
            "\u{FEFF}"
            + refused.text.split(separator: "\n", omittingEmptySubsequences: false).joined(separator: "\r\n")
        #expect(errors(text) == [refused.error])
        #expect(refusal(text).allSatisfy { $0.sourceLine?.contains("\r") == false })
    }

    @Test("all errors come at once, in the order of the file, before the warnings")
    func all() {
        let found = refusal(
            """
            [observability]
            log_level = "loud"
            [learning]
            batch_size = 64
            [core]
            threads = 0
            colour = 1
            """)
        #expect(found.map(\.line) == [2, 6, 7, 4])
        #expect(found.map(\.severity) == [.error, .error, .error, .warning])
    }

    @Test("a syntax error has the position that TOMLKit gives")
    func syntax() {
        let found = refusal("[core]\nthreads = = 2\n")
        #expect(found.count == 1)
        #expect(found.first?.line == 2)
        #expect(found.first?.column == 11)
        #expect(found.first?.sourceLine == "threads = = 2")
    }

    @Test("a NUL, an escape of it, bad UTF-8 and bottomless nesting are refused and never trap")
    func hostile() {
        #expect(errors("[core]\nthreads = 2\u{0}") == ["2:12 the file holds a NUL character"])
        #expect(errors("[servers.a]\ncommand = \"x\\u0000y\"") == ["2:13 the file holds a NUL character"])
        #expect(errors("\"a\\u0000b\" = 1") == ["1:3 the file holds a NUL character"])
        let deep = "a = " + String(repeating: "[", count: 100_000)
        #expect(errors(deep).first?.hasSuffix("nested deeper than 64 levels") == true)
        let dotted = "a" + String(repeating: ".a", count: 100_000) + " = 1"
        #expect(errors(dotted).first?.hasSuffix("nested deeper than 64 levels") == true)
        do throws(ConfigurationFailure) {
            _ = try GatewayConfiguration.load(
                text: Array("[core]\n# \u{E9}".utf8) + [0xFF], file: "f", environment: [:])
            Issue.record("was accepted")
        } catch {
            #expect(error.diagnostics.first?.line == 2)
            #expect(error.diagnostics.first?.column == 4)
        }
    }

    @Test("a file that cannot be read is an error that says why")
    func unreadable() throws {
        let scratch = try Scratch()
        for (path, text) in [(scratch.path + "/none.toml", "No such file"), (scratch.path, "directory")] {
            do throws(ConfigurationFailure) {
                _ = try GatewayConfiguration.load(path: path, environment: [:])
                Issue.record("was accepted")
            } catch {
                #expect(error.diagnostics.first?.message.contains(text) == true, "\(error.diagnostics)")
            }
        }
    }
}
