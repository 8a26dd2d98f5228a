import Schemas
import Telemetry

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
