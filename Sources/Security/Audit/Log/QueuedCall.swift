import Crypto
import Schemas

/// A call as it waits to be written: its fields, encoded, and what its digests are to be of.
struct QueuedCall {
    /// `arguments` and `result` of an `AuditCall`.
    private static let argumentsField: UInt64 = 13
    private static let resultField: UInt64 = 14
    private static let digestBytes = SHA256.Digest.byteCount

    let microseconds: UInt64
    /// The fields of an `AuditCall` before `arguments`.
    let head: ArraySlice<UInt8>
    /// Those behind `result`.
    let tail: ArraySlice<UInt8>
    /// Empty for none.
    let arguments: ArraySlice<UInt8>
    let result: ArraySlice<UInt8>

    /// Appends its `AuditEntry`: the bytes that SwiftProtobuf makes of the same.
    func append(at sequence: UInt64, to bytes: inout [UInt8]) {
        bytes.putField(1, sequence)
        bytes.putField(2, microseconds)
        bytes.putPrefix(
            3, head.count + Self.fieldBytes(arguments) + Self.fieldBytes(result) + tail.count)
        bytes += head
        Self.append(Self.argumentsField, arguments, to: &bytes)
        Self.append(Self.resultField, result, to: &bytes)
        bytes += tail
    }

    /// Of a `CallContent`: its size and its digest.
    private static func contentBytes(_ content: ArraySlice<UInt8>) -> Int {
        1 + [UInt8].varintBytes(UInt64(content.count)) + 2 + digestBytes
    }

    private static func fieldBytes(_ content: ArraySlice<UInt8>) -> Int {
        content.isEmpty ? 0 : 2 + contentBytes(content)
    }

    private static func append(_ field: UInt64, _ content: ArraySlice<UInt8>, to bytes: inout [UInt8]) {
        guard !content.isEmpty else { return }
        bytes.putPrefix(field, contentBytes(content))
        bytes.putField(1, UInt64(content.count))
        bytes.putPrefix(2, digestBytes)
        // Proof: the digest's bytes are copied within the closure.
        unsafe SHA256.hash(data: content).withUnsafeBytes { unsafe bytes.append(contentsOf: $0) }
    }
}

extension AuditedCall {
    /// Appends the fields of an `AuditCall` before `arguments`.
    func appendHead(_ phase: AuditPhase, to bytes: inout [UInt8]) {
        bytes.putField(1, UInt64(phase.rawValue))
        bytes.putField(2, record.callID.rawValue)
        bytes.putField(3, AuditEntry.bounded(record.principal.name))
        bytes.putField(4, record.session)
        bytes.putField(5, record.server)
        bytes.putField(6, AuditEntry.bounded(record.tool))
        bytes.putField(7, AuditEntry.bounded(record.method))
        if phase != .start {
            bytes.putField(8, UInt64(CallOutcome(record.outcome).rawValue))
            bytes.putField(9, signed: Int64(Int32(clamping: record.errorCode)))
            bytes.putField(10, UInt64(UInt32(clamping: record.durationMicroseconds)))
        }
        bytes.putField(11, UInt64(clamping: record.requestBytes))
        if phase != .start { bytes.putField(12, UInt64(clamping: record.resultBytes)) }
    }

    /// Appends the fields of an `AuditCall` behind `result`.
    func appendTail(to bytes: inout [UInt8]) {
        bytes.putField(15, record.adviceVersion)
        for decision in record.decisions { bytes.putElement(16, decision) }
    }
}
