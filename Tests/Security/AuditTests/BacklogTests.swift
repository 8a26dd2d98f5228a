import Foundation
import Identifiers
import Schemas
import Telemetry
import TestSupport
import Testing

@testable import Audit

@Suite("What waits for the audit log") struct BacklogTests {
    private static func call(_ random: inout SeededGenerator) -> AuditedCall {
        func text(_ length: ClosedRange<Int>) -> String {
            random.text(from: ["a", "é", "🎉", "\u{0}", "\""], length: length)
        }
        func number() -> UInt64 { random.next() >> UInt64.random(in: 0...63, using: &random) }
        let sizes = [0, 1, 60, 127, 128, 4000, 70_000]
        let request = random.bytes(10 + random.pick(sizes))
        let answer = random.bytes(10 + random.pick(sizes))
        let record = CallRecord(
            callID: CallID(number()), startMicroseconds: number(), principal: Principal(text(0...400)),
            session: text(0...20), server: text(0...20), tool: text(0...600), method: text(0...300),
            modern: true, outcome: random.pick(CallRecord.Outcome.allCases),
            errorCode: Int(truncatingIfNeeded: number()) &* (random.chance(50) ? -1 : 1),
            queueMicroseconds: 0, upstreamMicroseconds: 0, durationMicroseconds: number(),
            requestBytes: Int(number() >> 1), resultBytes: Int(number() >> 1), adviceVersion: number(),
            decisions: (0..<random.pick([0, 1, 3])).map { _ in text(0...200) })
        return AuditedCall(
            record, request: request, arguments: random.chance(20) ? 0..<0 : 5..<request.count - 5,
            answer: answer, result: random.chance(20) ? 0..<0 : 9..<answer.count)
    }

    private static func content(_ bytes: ArraySlice<UInt8>) -> CallContent {
        let change = AuditEvent.change(file: "", contents: Array(bytes), changes: [])
        return CallContent.with {
            $0.size = UInt64(bytes.count)
            $0.digest = AuditEntry(change, at: 0, version: "")?.change.digest ?? Data()
        }
    }

    private static func entry(
        _ sequence: UInt64, _ microseconds: UInt64, _ audited: AuditedCall, _ phase: AuditPhase
    ) -> AuditEntry {
        let record = audited.record
        var call = AuditCall()
        call.phase = phase
        call.callID = record.callID.rawValue
        call.principal = AuditEntry.bounded(record.principal.name)
        call.session = record.session
        call.server = record.server
        call.tool = AuditEntry.bounded(record.tool)
        call.method = AuditEntry.bounded(record.method)
        call.requestBytes = UInt64(record.requestBytes)
        if !audited.arguments.isEmpty { call.arguments = content(audited.request[audited.arguments]) }
        if phase != .start {
            call.outcome = CallOutcome(record.outcome)
            call.errorCode = Int32(clamping: record.errorCode)
            call.durationUs = UInt32(clamping: record.durationMicroseconds)
            call.answerBytes = UInt64(record.resultBytes)
            if !audited.result.isEmpty { call.result = content(audited.answer[audited.result]) }
            call.adviceVersion = record.adviceVersion
            call.decisions = record.decisions
        }
        return AuditEntry.with {
            $0.sequence = sequence
            $0.timestamp = microseconds
            $0.call = call
        }
    }

    @Test("comes out in order, calls as the bytes that SwiftProtobuf makes of them") func order() throws {
        let seed = UInt64.random(in: .min ... .max)
        print("seed \(seed)")
        var random = SeededGenerator(seed: seed)
        var backlog = AuditBacklog()
        for _ in 0..<5 {
            var expected: [[UInt8]] = []
            var sequences: [UInt64] = []
            for number in 0..<UInt64(120) {
                let sequence = number &* random.pick([1, 1 << 20, 1 << 56])
                let microseconds = random.next() >> 14
                if random.chance(10) {
                    expected.append(Array("\(number)".utf8))
                    backlog.append(
                        AuditQueue.Item(
                            event: .act(action: "\(number)", origin: "", outcome: "", details: []),
                            microseconds: microseconds))
                    continue
                }
                let call = Self.call(&random)
                let phase = random.pick([AuditPhase.whole, .start, .end])
                sequences.append(sequence)
                expected.append(try Self.entry(sequence, microseconds, call, phase).serializedBytes())
                backlog.append(
                    AuditQueue.Item(
                        event: phase == .start ? .started(call) : .ended(call, wasStarted: phase == .end),
                        microseconds: microseconds))
            }
            var found: [[UInt8]] = []
            backlog.forEach { event, _ in
                if case .act(let action, _, _, _) = event { found.append(Array(action.utf8)) }
            } call: { call in
                var bytes: [UInt8] = []
                call.append(at: sequences.removeFirst(), to: &bytes)
                found.append(bytes)
            }
            #expect(found == expected, "seed \(seed)")
            backlog.removeAll()
            #expect(backlog.isEmpty && backlog.heldBytes == 0)
        }
    }

    @Test("is taken in parts that fit a batch, in order, and counted until then") func parts() throws {
        let queue = AuditQueue(AuditSettings())
        let count = 3 * AuditBacklog.mostItems + 5
        for number in 0..<count {
            queue.add(
                AuditQueue.Item(
                    event: .ended(AuditRig.audited(UInt64(number)), wasStarted: false),
                    microseconds: UInt64(number)))
        }
        #expect(queue.waiting == count)
        var found: [UInt64] = []
        var backlog = AuditBacklog()
        for _ in 0..<5 {
            queue.take(&backlog)
            #expect(backlog.count <= AuditBacklog.mostItems)
            backlog.forEach { _, _ in
            } call: {
                found.append($0.microseconds)
            }
        }
        #expect(found == (0..<UInt64(count)).map { $0 } && queue.waiting == 0 && backlog.isEmpty)
    }
}
