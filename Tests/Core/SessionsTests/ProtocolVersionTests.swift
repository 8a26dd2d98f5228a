import Sessions
import Testing

@Suite("Revisions") struct ProtocolVersionTests {
    @Test("every revision reads its own text") func roundTrip() {
        for version in ProtocolVersion.allCases { #expect(ProtocolVersion(version.text) == version) }
        #expect(ProtocolVersion("2024-10-07") == nil)
        #expect(ProtocolVersion.allText.first == "2026-07-28")
    }

    @Test("a raw JSON string with escapes names a revision too") func escaped() throws {
        #expect(try ProtocolVersion(view(#""2026\u002d07-28""#)) == .july2026)
        #expect(try ProtocolVersion(view("20260728")) == nil)
    }

    @Test(
        "a legacy server answers a known legacy revision with itself and everything else with its latest",
        arguments: [
            ("2024-11-05", ProtocolVersion.november2024), ("2025-03-26", .march2025),
            ("2025-06-18", .june2025), ("2025-11-25", .november2025), ("2026-07-28", .november2025),
            ("1999-01-01", .november2025), ("", .november2025),
        ])
    func negotiation(requested: String, answered: ProtocolVersion) {
        #expect(ProtocolVersion.negotiated(requested: requested) == answered)
    }

    @Test("only a later date counts as a modern revision") func later() {
        #expect(ProtocolVersion.isLaterThanLegacy("2026-07-28"))
        #expect(ProtocolVersion.isLaterThanLegacy("2031-01-01"))
        #expect(!ProtocolVersion.isLaterThanLegacy("2025-11-25"))
        #expect(!ProtocolVersion.isLaterThanLegacy("2025-06-18"))
        #expect(!ProtocolVersion.isLaterThanLegacy("newest-one"))
        #expect(!ProtocolVersion.isLaterThanLegacy("2026/07/28"))
        #expect(!ProtocolVersion.isLaterThanLegacy(""))
    }

    @Test("the version header is sent from 2025-06-18 on, and batches belong to 2025-03-26 alone")
    func traits() {
        #expect(
            ProtocolVersion.allCases.filter(\.sendsVersionHeader) == [.june2025, .november2025, .july2026])
        #expect(ProtocolVersion.allCases.filter(\.allowsBatches) == [.march2025])
        #expect(ProtocolVersion.allCases.filter { $0.era == .modern } == [.july2026])
    }
}
