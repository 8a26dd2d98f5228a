import Identifiers
import Telemetry

/// A finished call with plain values.
func sampleCall(
    _ number: UInt64, server: String = "git", tool: String = "git__status", method: String = "tools/call",
    outcome: CallRecord.Outcome = .ok, start: UInt64 = 1_000_000, duration: UInt64 = 1500,
    upstream: UInt64 = 1000
) -> CallRecord {
    CallRecord(
        callID: CallID(number), startMicroseconds: start, principal: .anonymous, session: "s1",
        server: server,
        tool: tool, method: method, modern: true, outcome: outcome, errorCode: 0, queueMicroseconds: 0,
        upstreamMicroseconds: upstream, durationMicroseconds: duration, requestBytes: 10, resultBytes: 20,
        adviceVersion: 0, decisions: [])
}

func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }
