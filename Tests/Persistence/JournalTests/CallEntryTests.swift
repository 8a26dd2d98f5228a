import Foundation
import Schemas
import TestSupport
import Testing

@testable import Journal
@testable import Rings

@Suite("An entry of the journal") struct CallEntryTests {
    private static let names = ["", "git", "git__log", "ada", String(repeating: "é", count: 200)]
    private static let params = ["", #"{"arguments":{"n":1}}"#, "{}", "[", #"{"arguments":{}}"#]
    /// What `printf '{"n":1}' | sha256sum` prints, and the same of `{}`.
    private static let digests = [
        #"{"n":1}"#: "2bfd14f43d17fc7cea24e0917a8879b4b2f880b8baeec1b9d90fbaad655e71bd",
        "{}": "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a",
    ]

    private static func name(_ id: UInt32) -> String { names[Int(id) % names.count] }

    private static func record(_ random: inout SeededGenerator) -> ObservationRecord {
        func number() -> UInt64 { random.next() >> UInt64.random(in: 0...63, using: &random) }
        func short() -> UInt32 { UInt32(truncatingIfNeeded: number()) }
        var record = ObservationRecord()
        record.sequence = number()
        record.startMicroseconds = number()
        record.callID = number()
        (record.session, record.principal, record.server) = (short(), short(), short())
        (record.tool, record.method) = (short(), short())
        record.era = UInt8(number() & 1)
        record.outcome = random.chance(5) ? 250 : UInt8.random(in: 0...11, using: &random)
        record.flags = ObservationFlags(rawValue: UInt16(number() & 15))
        record.errorCode = Int32(bitPattern: short())
        (record.queueMicroseconds, record.upstreamMicroseconds) = (short(), short())
        (record.durationMicroseconds, record.requestBytes, record.resultBytes) = (short(), short(), short())
        record.adviceVersion = number()
        record.adviceReason = short()
        record.loop = UInt16(truncatingIfNeeded: number())
        return record
    }

    private static func expectContent(
        _ content: CallContent, _ bytes: String?, size: UInt64, isCut: Bool, _ comment: Comment
    ) {
        #expect(content.size == size && content.cut == isCut, comment)
        let digest = content.digest.map { String(format: "%02x", $0) }.joined()
        if let bytes {
            if let known = digests[bytes] { #expect(digest == known, comment) }
            #expect(digest.count == 64, comment)
        } else {
            #expect(digest.isEmpty, comment)
        }
    }

    private static func expectFacts(
        _ call: CallFacts, _ record: ObservationRecord, _ comment: Comment
    ) {
        #expect(call.callID == record.callID && call.sequence == record.sequence, comment)
        #expect(call.session == name(record.session) && call.principal == name(record.principal), comment)
        #expect(call.server == name(record.server) && call.tool == name(record.tool), comment)
        #expect(call.era == (record.era == 0 ? .legacy : .modern), comment)
        #expect(call.outcome.recorded?.rawValue == record.outcome && call.errorCode == record.errorCode)
        #expect(call.queueUs == record.queueMicroseconds && call.upstreamUs == record.upstreamMicroseconds)
        #expect(call.durationUs == record.durationMicroseconds && call.loop == UInt32(record.loop))
        #expect(call.adviceVersion == record.adviceVersion && call.adviceReason == record.adviceReason)
        #expect(call.requestBytes == UInt64(record.requestBytes), comment)
        #expect(call.resultBytes == UInt64(record.resultBytes), comment)
    }

    @Test("has what the ring told, in the bytes that SwiftProtobuf makes of it", arguments: Capture.allCases)
    func encoding(capture: Capture) throws {
        let seed = UInt64.random(in: .min ... .max)
        print("seed \(seed)")
        var random = SeededGenerator(seed: seed)
        var entry = CallEntry(capture)
        for _ in 0..<500 {
            let record = Self.record(&random)
            let params = random.pick(Self.params)
            let result = random.pick(["", "{}", String(repeating: "x", count: 3000)])
            let payload =
                random.chance(20) ? nil : Payload(params: Array(params.utf8), result: Array(result.utf8))
            let bytes = entry.encode(record, payload, name: Self.name)
            let comment: Comment = "seed \(seed), \(record), \(params)"
            guard let bytes else {
                #expect(record.outcome == 250, comment)
                continue
            }
            let found = try JournalEntry(serializedBytes: bytes)
            #expect(try found.serializedBytes() as [UInt8] == bytes, comment)
            let (message, call) = (found.message, found.message.call)
            #expect(message.timestamp == record.startMicroseconds, comment)
            #expect(message.messageType == Self.name(record.method), comment)
            Self.expectFacts(call, record, comment)
            let isFull = capture == .full && payload != nil
            #expect(message.payload == Data((isFull ? params : "").utf8), comment)
            #expect(call.resultPayload == Data((isFull ? result : "").utf8), comment)

            let isKept = capture != .none && payload != nil
            #expect(call.hasArguments == isKept && call.hasResult, comment)
            let arguments = MCPMessage.arguments(Array(params.utf8)).map {
                String(decoding: $0, as: UTF8.self)
            }
            let isCut = isKept && record.flags.contains(.paramsCut)
            let kept = isKept && !isCut ? arguments : nil
            Self.expectContent(
                call.arguments, kept, size: UInt64(kept?.utf8.count ?? 0), isCut: isCut, comment)
            let isResultCut = isKept && record.flags.contains(.resultCut)
            let hasResult = isKept && !isResultCut && record.flags.contains(.resultCaptured)
            Self.expectContent(
                call.result, hasResult ? result : nil,
                size: hasResult ? UInt64(result.utf8.count) : UInt64(record.resultBytes), isCut: isResultCut,
                comment)
        }
    }
}
