import Identifiers
import Rings
import Routing
import Sessions
import SharedMemory
import Telemetry
import Wire

/// Writes each finished call of one loop into the shared region: one record, and the first bytes of its
/// params and of the server's answer. Confined to its loop.
///
/// What a turn of the loop brings is shown to readers together at the turn's end. Writing never waits for a
/// reader, and makes no allocation, lock or system call once the names are known.
package final class CallObserver: TurnEnding, @unchecked Sendable {
    // Proof of Sendable: made before its loop serves, and used on that loop alone from then on.

    /// A part of a message.
    struct Payload {
        let message: [UInt8]
        let range: ByteRange
    }

    /// The most of a call's params, and of its result, that is copied.
    package static let maxParamsBytes = 16 << 10
    package static let maxResultBytes = 64 << 10
    /// Records after which a long turn shows what it has so far.
    private static let mostPending: UInt64 = 64

    private var ring: ObservationRingWriter
    private var payloads: PayloadRingWriter
    private let loop: any Loop
    private let loopIndex: UInt16
    private let paramsCap: Int
    private let resultCap: Int
    private let methods: [UInt32]
    private var principals: RecentNames
    private var items: RecentNames
    private var isDue = false

    /// - Throws: if the sections are none of the rings of a new segment.
    package init(
        _ observations: WritableSection, _ payloads: WritableSection, names: ObservedNames, on loop: any Loop
    ) throws(RingError) {
        ring = try ObservationRingWriter(observations)
        self.payloads = try PayloadRingWriter(payloads)
        self.loop = loop
        loopIndex = UInt16(truncatingIfNeeded: loop.index)
        methods = names.methods
        principals = RecentNames { names.principal($0) }
        items = RecentNames { names.other($0) }
        let room = self.payloads.maximumBytes
        paramsCap = min(Self.maxParamsBytes, room / 5)
        resultCap = min(Self.maxResultBytes, room - paramsCap)
    }

    /// Takes note of a call that has just finished.
    ///
    /// - Parameters:
    ///   - server: its name's id; 0 without one.
    ///   - item: the id of the tool or prompt; 0 if that is to be found by its name.
    ///   - reason: where the advice came from; nil for what needed none.
    ///   - attempts: how often the request was sent.
    ///   - answer: the result, or the error, as the server gave it; nil if the gateway answered.
    func finished(
        _ call: borrowing CallRecord, of incoming: Incoming, server: UInt32, item: UInt32,
        _ reason: AdviceReason?, attempts: Int, answer: Payload?
    ) {
        var record = ObservationRecord()
        record.startMicroseconds = call.startMicroseconds
        record.callID = call.callID.rawValue
        record.session = incoming.client.session?.observedID ?? 0
        record.principal = principals.id(of: call.principal.name)
        record.server = server
        record.tool = item != 0 || call.tool.isEmpty ? item : items.id(of: call.tool)
        record.method = methods[Int(incoming.method.rawValue)]
        record.era = call.modern ? 1 : 0
        record.outcome = call.outcome.rawValue
        record.errorCode = Int32(clamping: call.errorCode)
        record.queueMicroseconds = UInt32(clamping: call.queueMicroseconds)
        record.upstreamMicroseconds = UInt32(clamping: call.upstreamMicroseconds)
        record.durationMicroseconds = UInt32(clamping: call.durationMicroseconds)
        record.requestBytes = UInt32(clamping: call.requestBytes)
        record.resultBytes = UInt32(clamping: call.resultBytes)
        record.adviceVersion = call.adviceVersion
        record.adviceReason = Self.bits(reason, attempts)
        record.loop = loopIndex
        addPayloads(of: incoming, answer, to: &record)
        ring.append(record)
        guard !isDue else {
            if ring.pending >= Self.mostPending { flush() }
            return
        }
        isDue = true
        loop.atTurnEnd(self)
    }

    package func turnEnded() {
        isDue = false
        flush()
    }

    /// Payloads first: who sees a record finds what it points to.
    private func flush() {
        payloads.flush()
        ring.flush()
    }

    private func addPayloads(
        of incoming: Incoming, _ answer: Payload?, to record: inout ObservationRecord
    ) {
        let message = incoming.message
        let arguments = incoming.frame.paramsArguments
        if !arguments.isEmpty {
            record.argumentHash = XXHash64.hash(message.span.extracting(arguments.range))
        }
        let params = incoming.frame.params.range
        let firstBytes = min(params.count, paramsCap)
        var flags: ObservationFlags = params.isEmpty ? [] : .paramsCaptured
        if firstBytes < params.count { flags.insert(.paramsCut) }
        record.paramsBytes = UInt32(firstBytes)
        let first = params.lowerBound..<params.lowerBound + firstBytes
        guard let answer, !answer.range.isEmpty else {
            let empty = message.span.extracting(0..<0)
            write(message.span.extracting(first), empty, flags, &record)
            return
        }
        let result = answer.range.range
        record.resultHash = XXHash64.hash(answer.message.span.extracting(result))
        let secondBytes = min(result.count, resultCap)
        flags.insert(.resultCaptured)
        if secondBytes < result.count { flags.insert(.resultCut) }
        record.payloadResultBytes = UInt32(secondBytes)
        let second = result.lowerBound..<result.lowerBound + secondBytes
        write(
            message.span.extracting(first), answer.message.span.extracting(second), flags, &record
        )
    }

    private func write(
        _ params: Span<UInt8>, _ result: Span<UInt8>, _ flags: ObservationFlags,
        _ record: inout ObservationRecord
    ) {
        guard let position = payloads.append(params, result) else {
            record.paramsBytes = 0
            record.payloadResultBytes = 0
            return
        }
        record.payloadPosition = position
        record.flags = flags
    }

    /// 1 the default, 2 the configuration, 4 learned; 8 if the request was sent more than once.
    private static func bits(_ reason: AdviceReason?, _ attempts: Int) -> UInt32 {
        let source: UInt32 =
            switch reason {
            case .standard: 1
            case .configuration: 2
            case .learned: 4
            case nil: 0
            }
        return source | (attempts > 1 ? 8 : 0)
    }
}
