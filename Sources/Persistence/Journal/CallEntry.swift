import Crypto
import Rings
import Schemas
import Telemetry

/// Encodes calls that a ring tells of as entries of the journal: the bytes that SwiftProtobuf makes of the
/// same `JournalEntry`, without the objects.
struct CallEntry {
    private static let digestBytes = SHA256.Digest.byteCount

    private let capture: Capture
    /// Room that is used again: of the `CallFacts`, of one `CallContent` in them, and of the `MCPMessage`.
    private var facts: [UInt8] = []
    private var content: [UInt8] = []
    private var message: [UInt8] = []

    init(_ capture: Capture) { self.capture = capture }

    /// - Parameters:
    ///   - payload: what the payload ring still held of the call.
    ///   - name: the text of an interned name; empty for none.
    /// - Returns: nil for a record that no gateway writes.
    mutating func encode(
        _ record: ObservationRecord, _ payload: Payload?, name: (UInt32) -> String
    ) -> [UInt8]? {
        guard record.era <= 1, let outcome = CallRecord.Outcome(rawValue: record.outcome) else { return nil }
        let kept = capture == .none ? nil : payload
        facts.removeAll(keepingCapacity: true)
        putFacts(record, CallOutcome(outcome), name)
        putContents(record, kept)
        if capture == .full, let kept { Self.put(16, kept.result, to: &facts) }
        facts.putField(17, UInt64(record.loop))
        facts.putField(18, record.sequence)
        facts.putField(19, UInt64(record.requestBytes))
        facts.putField(20, UInt64(record.resultBytes))

        message.removeAll(keepingCapacity: true)
        message.putField(1, record.startMicroseconds)
        message.putField(2, name(record.method))
        if capture == .full, let kept { Self.put(3, kept.params, to: &message) }
        message.putPrefix(5, facts.count)
        message += facts

        var entry: [UInt8] = []
        entry.reserveCapacity(message.count + 4)
        entry.putPrefix(1, message.count)
        entry += message
        return entry
    }

    private mutating func putFacts(
        _ record: ObservationRecord, _ outcome: CallOutcome, _ name: (UInt32) -> String
    ) {
        facts.putField(1, record.callID)
        facts.putField(2, name(record.session))
        facts.putField(3, name(record.principal))
        facts.putField(4, name(record.server))
        facts.putField(5, name(record.tool))
        facts.putField(6, UInt64((record.era == 0 ? CallEra.legacy : .modern).rawValue))
        facts.putField(7, UInt64(outcome.rawValue))
        facts.putField(8, signed: Int64(record.errorCode))
        facts.putField(9, UInt64(record.queueMicroseconds))
        facts.putField(10, UInt64(record.upstreamMicroseconds))
        facts.putField(11, UInt64(record.durationMicroseconds))
        facts.putField(12, record.adviceVersion)
        facts.putField(13, UInt64(record.adviceReason))
    }

    private mutating func putContents(_ record: ObservationRecord, _ payload: Payload?) {
        let wholeBytes = UInt64(record.resultBytes)
        guard let payload else { return putContent(15, wholeBytes, nil, isCut: false) }
        let areParamsWhole = !record.flags.contains(.paramsCut)
        let isResultWhole = !record.flags.contains(.resultCut)
        let arguments = areParamsWhole ? MCPMessage.arguments(payload.params) : nil
        putContent(14, UInt64(arguments?.count ?? 0), arguments, isCut: !areParamsWhole)
        let hasResult = isResultWhole && record.flags.contains(.resultCaptured)
        putContent(
            15, hasResult ? UInt64(payload.result.count) : wholeBytes,
            hasResult ? payload.result[...] : nil, isCut: !isResultWhole)
    }

    /// A `CallContent`, with the digest of `bytes`.
    private mutating func putContent(
        _ field: UInt64, _ size: UInt64, _ bytes: ArraySlice<UInt8>?, isCut: Bool
    ) {
        content.removeAll(keepingCapacity: true)
        content.putField(1, size)
        if let bytes {
            content.putPrefix(2, Self.digestBytes)
            // Proof: the digest's bytes are copied within the closure.
            unsafe SHA256.hash(data: bytes).withUnsafeBytes { unsafe content.append(contentsOf: $0) }
        }
        content.putField(3, isCut ? 1 : 0)
        Self.put(field, always: content, to: &facts)
    }

    private static func put(_ field: UInt64, _ bytes: [UInt8], to message: inout [UInt8]) {
        if !bytes.isEmpty { put(field, always: bytes, to: &message) }
    }

    private static func put(_ field: UInt64, always bytes: [UInt8], to message: inout [UInt8]) {
        message.putPrefix(field, bytes.count)
        message += bytes
    }
}
