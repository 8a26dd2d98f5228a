import Testing

@testable import Configuration

@Suite("What a configuration says of the audit log") struct AuditDefaultTests {
    @Test(
        "refuses calls that the log can't take where each is to be on disk, and serves them elsewhere",
        arguments: [
            ("", .serve), ("audit = 'normal'", .serve), ("audit = 'off'", .serve),
            ("audit = 'durable'", .refuse),
            ("audit = 'durable'\non_failure = 'serve'", .serve),
            ("audit = 'normal'\non_failure = 'refuse'", .refuse),
        ] as [(String, SecurityConfiguration.OnFailure)])
    func onFailure(text: String, expected: SecurityConfiguration.OnFailure) throws {
        #expect(try load("[security]\n" + text).configuration.security.effectiveOnFailure == expected)
    }

    @Test("has the bytes of the file with it, which the log tells the digest of") func contents() throws {
        let text = "# mine\n[security]\naudit = 'durable'\n"
        #expect(try load(text).contents == Array(text.utf8))
    }
}
