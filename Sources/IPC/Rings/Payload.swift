/// What a payload ring held of a call.
public struct Payload: Sendable, Equatable {
    /// The raw params; the first bytes of them if the record's flags say so.
    public var params: [UInt8]
    /// The raw result; the first bytes of it if the record's flags say so.
    public var result: [UInt8]
}

extension PayloadRingReader {
    /// A copy of what the ring holds of a call; nil if nothing was captured or it was overwritten.
    public func payload(of record: ObservationRecord) -> Payload? {
        let params = Int(record.paramsBytes)
        var bytes: [UInt8] = []
        guard
            read(
                at: record.payloadPosition, bytes: params + Int(record.payloadResultBytes), into: &bytes)
        else { return nil }
        return Payload(params: Array(bytes[..<params]), result: Array(bytes[params...]))
    }
}
