import Crypto
import Foundation
import Rings
import Schemas
import Telemetry
import Wire

extension MCPMessage {
    /// What is kept of a call that a ring tells of; nil for a record that no gateway writes.
    ///
    /// - Parameters:
    ///   - payload: what the payload ring still held of it.
    ///   - name: the text of an interned name; empty for none.
    init?(
        _ record: ObservationRecord, _ payload: Payload?, _ capture: Capture, name: (UInt32) -> String
    ) {
        guard record.era <= 1, let outcome = CallRecord.Outcome(rawValue: record.outcome) else { return nil }
        self.init()
        timestamp = record.startMicroseconds
        messageType = name(record.method)
        call = CallFacts(record, CallOutcome(outcome), name)
        call.result.size = UInt64(record.resultBytes)
        guard let payload, capture != .none else { return }
        let areParamsWhole = !record.flags.contains(.paramsCut)
        let isResultWhole = !record.flags.contains(.resultCut)
        call.arguments.cut = !areParamsWhole
        call.result.cut = !isResultWhole
        if areParamsWhole, let arguments = Self.arguments(payload.params) {
            call.arguments.size = UInt64(arguments.count)
            call.arguments.digest = Data(SHA256.hash(data: arguments))
        }
        if isResultWhole, record.flags.contains(.resultCaptured) {
            call.result.size = UInt64(payload.result.count)
            call.result.digest = Data(SHA256.hash(data: payload.result))
        }
        guard capture == .full else { return }
        self.payload = Data(payload.params)
        call.resultPayload = Data(payload.result)
    }

    /// The arguments in a call's params, as the client wrote them; the params where they have none.
    static func arguments(_ params: [UInt8]) -> ArraySlice<UInt8>? {
        guard !params.isEmpty, let view = try? JSONView(validating: params) else { return nil }
        return view["arguments"]?.raw ?? params[...]
    }
}

extension CallFacts {
    fileprivate init(_ record: ObservationRecord, _ outcome: CallOutcome, _ name: (UInt32) -> String) {
        self.init()
        callID = record.callID
        session = name(record.session)
        principal = name(record.principal)
        server = name(record.server)
        tool = name(record.tool)
        era = record.era == 0 ? .legacy : .modern
        self.outcome = outcome
        errorCode = record.errorCode
        queueUs = record.queueMicroseconds
        upstreamUs = record.upstreamMicroseconds
        durationUs = record.durationMicroseconds
        adviceVersion = record.adviceVersion
        adviceReason = record.adviceReason
        loop = UInt32(record.loop)
        sequence = record.sequence
        requestBytes = UInt64(record.requestBytes)
        resultBytes = UInt64(record.resultBytes)
    }
}

extension CallOutcome {
    init(_ outcome: CallRecord.Outcome) {
        switch outcome {
        case .ok: self = .ok
        case .toolError: self = .toolError
        case .rpcError: self = .rpcError
        case .timeout: self = .upstreamTimeout
        case .unavailable: self = .upstreamUnavailable
        case .circuitOpen: self = .circuitOpen
        case .overloaded: self = .overloaded
        case .tooLarge: self = .messageTooLarge
        case .protocolError: self = .upstreamProtocolError
        case .draining: self = .draining
        case .cancelled: self = .cancelled
        case .refused: self = .refused
        }
    }

    /// None for one that this version does not know.
    var recorded: CallRecord.Outcome? {
        switch self {
        case .unspecified, .UNRECOGNIZED: nil
        case .ok: .ok
        case .toolError: .toolError
        case .rpcError: .rpcError
        case .upstreamTimeout: .timeout
        case .upstreamUnavailable: .unavailable
        case .circuitOpen: .circuitOpen
        case .overloaded: .overloaded
        case .messageTooLarge: .tooLarge
        case .upstreamProtocolError: .protocolError
        case .draining: .draining
        case .cancelled: .cancelled
        case .refused: .refused
        }
    }

    /// The outcome as metrics and lists name it.
    var label: String { recorded?.label ?? "unknown" }
}
