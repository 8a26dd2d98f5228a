import Crypto
import Foundation
import Schemas
import Telemetry

extension AuditEntry {
    /// The longest text that is kept of what a client or server may have made up.
    private static let mostTextBytes = 1024
    private static let mostDetails = 64

    /// None for a call, which waits as a `QueuedCall`.
    init?(_ event: AuditEvent, at microseconds: UInt64, version: String) {
        self.init()
        timestamp = microseconds
        switch event {
        case .ended, .started: return nil
        case .access(let refused):
            access = AuditAccess.with {
                $0.status = UInt32(clamping: refused.status)
                $0.path = Self.bounded(refused.path)
                $0.principal = Self.bounded(refused.principal)
                $0.reason = refused.reason
                $0.more = refused.more
            }
        case .act(let action, let origin, let outcome, let details):
            act = AuditAct.with {
                $0.action = action
                $0.origin = origin
                $0.outcome = outcome
                $0.details = details.prefix(Self.mostDetails).map(Self.bounded)
            }
        case .change(let file, let contents, let changes):
            change = AuditChange.with {
                $0.file = file
                $0.digest = Data(SHA256.hash(data: contents))
                $0.changes = changes.prefix(Self.mostDetails).map(Self.bounded)
            }
        case .stopped:
            run = AuditRun.with { run in
                run.version = version
                run.processID = UInt64(ProcessInfo.processInfo.processIdentifier)
            }
        }
    }

    static func bounded(_ text: String) -> String {
        text.utf8.count <= mostTextBytes
            ? text : String(decoding: text.utf8.prefix(mostTextBytes), as: UTF8.self)
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

    /// The outcome as metrics and lists name it; nil for none.
    var label: String? {
        CallRecord.Outcome.allCases.first { CallOutcome($0) == self }?.label
    }
}
