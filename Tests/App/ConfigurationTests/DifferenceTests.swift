import Testing

@testable import Configuration

@Suite("The difference of two configurations")
struct DifferenceTests {
    private func difference(_ old: String, _ new: String) throws -> ConfigurationDifference {
        ConfigurationDifference(from: try load(old).configuration, to: try load(new).configuration)
    }

    @Test("a file that says the same in another form changes nothing")
    func same() throws {
        let old = "[core]\nthreads = 2\n[servers.a]\ncommand = \"x\"\n"
        let new =
            "# comment\n[servers]\na = { command = 'x' }\n[core]\nthreads = 0x2\nlisten = \"127.0.0.1:7420\""
        #expect(try difference(old, new).isEmpty)
    }

    @Test("servers are told apart as added, removed and changed; the others are not named")
    func servers() throws {
        let old = "[servers]\na.command = 'a'\nb.command = 'b'\nc.command = 'c'\n"
        let new = "[servers]\nd.command = 'd'\nb = { command = 'b', env = { X = '1' } }\nc.command = 'c'\n"
        let found = try difference(old, new)
        #expect(found.addedServers == ["d"])
        #expect(found.removedServers == ["a"])
        #expect(found.changedServers == ["b"])
        #expect(found.liveSettings.isEmpty && found.restartSettings.isEmpty)
    }

    @Test("a variable of the environment with another value changes its server")
    func environment() throws {
        let text = "[servers.a]\ncommand = 'x'\nargs = ['${env:X}']"
        let found = ConfigurationDifference(
            from: try load(text, environment: ["X": "1"]).configuration,
            to: try load(text, environment: ["X": "2"]).configuration)
        #expect(found.changedServers == ["a"])
    }

    @Test("what takes effect at once is told apart from what needs a restart")
    func settings() throws {
        let found = try difference(
            "",
            "[core]\nlisten = 'a:1'\nrequest_timeout_ms = 5\nthreads = 77\n"
                + "[observability]\nlog_level = 'warn'"
        )
        #expect(found.liveSettings == ["core.request_timeout_ms", "observability.log_level"])
        #expect(found.restartSettings == ["core.listen", "core.threads"])
    }
}
