import Identifiers
import Patterns
import Rings
import SharedMemory
import Testing
import Wire

@testable import Orchestration

@Suite("Patterns at the learner's desk") struct PatternDeskTests {
    private static let marker = "hunter2-secret"

    /// A region whose agents call tools, and a learner beside it.
    private final class Traffic {
        let region: Region
        let own: LearnerSegment
        let desk: LearnerDesk
        private var payloads: Payloads
        private var calls: UInt64 = 0

        private final class Payloads {
            var ring: PayloadRingWriter
            init(_ section: WritableSection) throws { ring = try PayloadRingWriter(section) }
        }

        init(_ settings: PatternSettings = PatternSettings(modelBytes: 8 << 20)) throws {
            region = try Region()
            own = try .small()
            payloads = try Payloads(region.segment.section(.payloadRing, 0)!)
            desk = try LearnerDesk(own, core: region.attached, checkpoint: nil, patterns: settings)
        }

        func call(_ tool: String, session: String, arguments: String = "{}", text: String = "done") {
            calls += 1
            let params = Array(#"{"name":"\#(tool)","arguments":\#(arguments)}"#.utf8)
            let result = Array(#"{"content":[{"type":"text","text":"\#(text)"}]}"#.utf8)
            var record = ObservationRecord()
            record.callID = calls
            record.startMicroseconds = WallClock.microseconds
            record.session = region.names.id(.session, session)
            record.principal = region.names.id(.principal, "ann")
            record.server = region.names.id(.server, "s")
            record.tool = region.names.id(.tool, tool)
            record.method = region.callMethod
            record.durationMicroseconds = 2000
            record.argumentHash = 7
            record.resultHash = 9
            record.flags = [.paramsCaptured, .resultCaptured]
            record.payloadPosition = payloads.ring.append(params.span, result.span) ?? 0
            record.paramsBytes = UInt32(params.count)
            record.payloadResultBytes = UInt32(result.count)
            payloads.ring.flush()
            region.writers[0].ring.append(record)
            region.flush()
            _ = desk.read(second: 1)
        }

        func json(_ key: String) throws -> JSONView? {
            desk.publishPatterns()
            return try own.view().value(Array(key.utf8)).flatMap { try? JSONView(validating: $0.bytes) }
        }
    }

    @Test("Calls become predictions of tools and sessions, with their accuracy")
    func publishing() throws {
        let traffic = try Traffic()
        for session in 0..<20 {
            for tool in ["search", "read", "pay"] { traffic.call(tool, session: "c\(session)") }
        }
        traffic.call("search", session: "last")
        let overview = try #require(try traffic.json(LearnerKeys.overview))
        #expect(overview["calls"]?.int == 61)
        #expect(overview["sampled_out"]?.int == 0)
        let tasks = overview["accuracy"]?.elements.compactMap { $0["task"]?.string } ?? []
        #expect(tasks.contains("next-tool") && tasks.contains("latency"))
        let session = try #require(try traffic.json("pattern/session/last"))
        #expect(session["next"]?.elements.first { _ in true }?["tool"]?.string == "read")
        let tool = try #require(try traffic.json("pattern/tool/s/pay"))
        #expect(tool["calls"]?.int == 20)
        #expect((tool["latency"]?["median_ms"]?.double ?? 0) > 1)
        #expect(try traffic.json(LearnerKeys.anomalies)?["items"]?.kind == .array)
        let report = try #require(traffic.desk.patterns?.report)
        #expect(report.calls == 61 && report.accuracy.contains { $0.task == "next-tool" })
    }

    @Test("What there is no time for is counted, and statistics are complete all the same")
    func sampling() throws {
        let traffic = try Traffic(PatternSettings(modelBytes: 8 << 20, processorShare: 0.001))
        for call in 0..<400 { traffic.call("search", session: "c\(call)") }
        let patterns = try #require(traffic.desk.patterns)
        #expect(patterns.costs.sampledOut > 0)
        #expect(patterns.costs.sampledOut + patterns.patterns.learned == 400)
        #expect(traffic.desk.state.tools.totals.calls == 400)
    }

    @Test("A version has the patterns, without any text unless all may be kept")
    func keeping() throws {
        for keepsTexts in [false, true] {
            let settings = PatternSettings(modelBytes: 128 << 20, keepsTexts: keepsTexts)
            let traffic = try Traffic(settings)
            for session in 0..<10 {
                for tool in ["search", "read"] {
                    traffic.call(
                        tool, session: "c\(session)", arguments: "{\"word\":\"\(Self.marker)\"}",
                        text: "it is \(Self.marker)")
                }
            }
            let kept = KeptVersions(traffic.desk)
            kept.pass(seconds: 4)
            let values = kept.newestParts
            #expect(values.keys.contains("patterns-tools"))
            let holdsText = values.values.contains {
                String(decoding: $0, as: UTF8.self).contains(Self.marker)
            }
            #expect(holdsText == keepsTexts)
        }
    }

    @Test("Another learner and a roll-back go on from the patterns of the version")
    func restoring() throws {
        let traffic = try Traffic()
        for session in 0..<10 {
            for tool in ["search", "read"] { traffic.call(tool, session: "c\(session)") }
        }
        let kept = KeptVersions(traffic.desk)
        kept.pass(seconds: 4)
        for session in 0..<10 {
            for tool in ["search", "pay"] { traffic.call(tool, session: "d\(session)") }
        }
        kept.pass(seconds: 4)
        #expect(traffic.desk.patterns?.patterns.learned == 40)
        try kept.rollback()
        kept.pass(seconds: 2)
        #expect(traffic.desk.patterns?.patterns.learned == 20)
        let next = try LearnerDesk(
            try .small(), core: traffic.region.attached, checkpoint: kept.checkpoint,
            patterns: PatternSettings(modelBytes: 8 << 20))
        #expect(next.patterns?.patterns.learned == 0)
        kept.restart(next, kept.checkpoint)
        kept.pass(seconds: 2)
        #expect(next.patterns?.patterns.learned == 20)
    }
}
