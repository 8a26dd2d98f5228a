import Sessions
import Telemetry

extension GatewayFailure {
    /// Failures of the call itself are for the model to read; overload and draining are for its client.
    var isReadByModels: Bool {
        switch kind {
        case .overloaded, .limitReached, .auditUnavailable, .draining: false
        default: true
        }
    }

    var outcome: CallRecord.Outcome {
        switch kind {
        case .upstreamTimeout: .timeout
        case .upstreamUnavailable: .unavailable
        case .circuitOpen: .circuitOpen
        case .overloaded, .limitReached, .auditUnavailable: .overloaded
        case .messageTooLarge: .tooLarge
        case .upstreamProtocolError: .protocolError
        case .draining: .draining
        }
    }
}
