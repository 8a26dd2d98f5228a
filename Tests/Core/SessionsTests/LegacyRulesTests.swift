import Sessions
import Testing

@Suite("Legacy rules") struct LegacyRulesTests {
    @Test("without a version header 2025-03-26 is assumed, an unknown one is refused with 400") func header()
        throws
    {
        #expect(try LegacyRules.version(header: nil) == .march2025)
        #expect(try LegacyRules.version(header: "2025-11-25") == .november2025)
        for header in ["", "2025-11-26", "2026-07-28", "latest"] {
            let refusal = #expect(throws: Refusal.self) { try LegacyRules.version(header: header) }
            #expect(refusal == .badVersionHeader(header))
            #expect(refusal?.httpStatus == 400)
            #expect(refusal?.error.code == -32600)
        }
    }

    @Test("batches are taken in 2025-03-26 only, not empty and not without a bound") func batches() {
        #expect(LegacyRules.refusal(batchOf: 2, version: .march2025) == nil)
        #expect(LegacyRules.refusal(batchOf: 0, version: .march2025) == .emptyBatch)
        #expect(LegacyRules.refusal(batchOf: 100_000, version: .march2025) == .batchTooLong(limit: 128))
        for version in [ProtocolVersion.november2024, .june2025, .november2025] {
            #expect(LegacyRules.refusal(batchOf: 2, version: version) == .batchNotAllowed(version))
        }
        #expect(LegacyRules.refusal(batchOf: 2, version: nil)?.error.code == -32600)
    }

    @Test("initialize is refused inside a batch") func initializeInBatch() {
        let refusal = LegacyRules.refusal(
            .initialize, named: "initialize", version: .march2025, inBatch: true)
        #expect(refusal == .initializeInBatch)
    }

    @Test("a method of another revision is not found") func methods() {
        let refusal = LegacyRules.refusal(.tasksGet, named: "tasks/get", version: .june2025)
        #expect(refusal == .methodNotFound("tasks/get", .legacy))
        #expect(refusal?.error.code == -32601)
        #expect(refusal?.httpStatus == 200)
        #expect(LegacyRules.refusal(.tasksGet, named: "tasks/get", version: .november2025) == nil)
        #expect(LegacyRules.refusal(.discover, named: "server/discover", version: .november2025) != nil)
    }

    @Test("unknown methods go on only where the endpoint is transparent") func unknown() {
        #expect(LegacyRules.refusal(.other, named: "x/y", version: .june2025) != nil)
        #expect(LegacyRules.refusal(.other, named: "x/y", version: .june2025, passesUnknown: true) == nil)
    }

    @Test("a peer's own text is cut in the answer") func longText() {
        let refusal = Refusal.methodNotFound(String(repeating: "m", count: 10_000), .legacy)
        #expect(refusal.message.utf8.count < 200)
    }
}
