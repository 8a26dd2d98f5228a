import Testing

@testable import Configuration

@Suite("Variables of the environment in strings")
struct EnvironmentTests {
    private let environment = ["TOKEN": "s3cret", "EMPTY": "", "HOST": "example.com"]

    @Test("a reference is filled in, a default stands for what is not set or empty, and $${ is ${")
    func expansion() throws {
        func expand(_ text: String) throws -> String {
            try TextExpansion.expand(text, environment: environment).value
        }
        #expect(try expand("Bearer ${env:TOKEN}") == "Bearer s3cret")
        #expect(try expand("${env:NONE:-a:-b}") == "a:-b")
        #expect(try expand("${env:EMPTY:-d}") == "d")
        #expect(try expand("${env:EMPTY}").isEmpty)
        #expect(try expand("${env:NONE:-}").isEmpty)
        #expect(try expand("$${env:TOKEN} $5 $ $$") == "${env:TOKEN} $5 $ $$")
        #expect(try expand("${env:HOST}/${env:TOKEN}") == "example.com/s3cret")
    }

    @Test(
        "what is escaped comes back as it was", arguments: ["${a}", "$${a}", "$$${", "$", "a$b${", "plain"])
    func escaping(_ text: String) throws {
        #expect(try TextExpansion.expand(TextExpansion.escape(text), environment: [:]).value == text)
    }

    @Test("a variable that is not set is an error at the reference that names it")
    func missing() {
        let text = "[servers.a]\ncommand = \"x\"\nargs = [\"--token\", \"t=${env:NOT_SET}\"]"
        #expect(errors(text) == ["3:23 the environment variable NOT_SET is not set"])
        #expect(refusal(text).first?.length == 14)
    }

    @Test("another form of reference is refused with the form to write")
    func malformed() {
        let found = refusal("[servers.a]\ncommand = \"${HOME}/x\"")
        #expect(found.first?.column == 12)
        #expect(found.first?.suggestion?.contains("${env:HOME}") == true)
        #expect(errors("[servers.a]\ncommand = \"${env:A B}\"").count == 1)
        #expect(errors("[servers.a]\ncommand = \"${env:A\"").count == 1)
    }

    @Test("a value of the environment is in no description and no error, and the loader names it as a secret")
    func secrets() throws {
        let text = """
            [servers.a]
            url = "http://${env:HOST}/mcp"
            headers = { Authorization = "Bearer ${env:TOKEN}" }
            """
        let loaded = try load(text, environment: environment)
        let header = try #require(loaded.configuration.servers.first?.url?.headers.first)
        #expect(header.value.value == "Bearer s3cret")
        #expect(header.value.isSecret)
        #expect("\(header.value)" == "Bearer ${env:TOKEN}")
        #expect(!String(reflecting: loaded.configuration).contains("s3cret"))
        var dumped = ""
        dump(loaded.configuration, to: &dumped)
        #expect(!dumped.contains("s3cret"))
        #expect(loaded.secrets == ["s3cret", "example.com"])
        let refused = refusal("[core]\ntool_failures = \"${env:TOKEN}\"", environment: environment)
        #expect(refused.count == 1)
        #expect(!String(decoding: Diagnostic.json(refused), as: UTF8.self).contains("s3cret"))
    }

    @Test("a line break that comes from the environment does not reach a header")
    func injection() {
        let found = errors(
            "[servers.a]\nurl = \"http://a\"\nheaders = { X = \"${env:BAD}\" }",
            environment: ["BAD": "a\r\nHost: b"])
        #expect(found == ["3:17 `servers.a.headers.X` must hold no line breaks or control characters"])
    }
}
