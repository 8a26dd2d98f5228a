import Testing

@testable import Configuration

@Suite("Credentials of a principal's own in [servers.NAME.principals.PRINCIPAL]")
struct CredentialTests {
    @Test("headers replace those of the same name, in any case, and stand beside the others")
    func headers() throws {
        let loaded = try load(
            """
            [servers.a]
            url = "http://a/mcp"
            headers = { Authorization = "common", X-Kept = "1" }
            [servers.a.principals.ada]
            headers = { authorization = "own", X-More = "2" }
            """)
        #expect(loaded.warnings.isEmpty)
        let server = try #require(loaded.configuration.servers.first)
        let own = server.with(try #require(server.principals.first))
        #expect(
            own.url?.headers.map { "\($0.name)=\($0.value)" } == [
                "X-Kept=1", "authorization=own", "X-More=2",
            ])
        #expect(own != server.withoutPrincipals)
        #expect(server.withoutPrincipals.principals.isEmpty)
    }

    @Test("variables replace those of the same name; what has no meaning is refused")
    func variables() throws {
        let text = "[servers.a]\ncommand = \"x\"\nenv = { A = \"1\", B = \"2\" }\n"
        let loaded = try load(text + "[servers.a.principals.ada]\nenv = { B = \"3\" }")
        let server = try #require(loaded.configuration.servers.first)
        let own = server.with(try #require(server.principals.first))
        #expect(own.command?.environment.mapValues(\.value) == ["A": "1", "B": "3"])
        #expect(
            errors(text + "[servers.a.principals.ada]\nheaders = { A = \"1\" }").first
                == "5:1 `servers.a.principals.ada.headers` has no meaning beside `command`")
        #expect(errors(text + "[servers.a.principals.\"a b\"]\nenv = { B = \"3\" }").count == 1)
        #expect(errors(text + "[servers.a.principals.ada]\nevn = { B = \"3\" }").count == 1)
    }
}
