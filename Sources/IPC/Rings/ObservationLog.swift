import SharedMemory

/// One event loop's writing side: its observation ring and its payload ring, kept in step.
public struct ObservationLog: ~Copyable, Sendable {
    public static let maximumParamsBytes = 16 << 10
    public static let maximumResultBytes = 64 << 10

    private var ring: ObservationRingWriter
    private var payloads: PayloadRingWriter

    /// - Throws: `RingError` if a section is not what it should be.
    public init(ring: WritableSection, payloads: WritableSection) throws(RingError) {
        let ringWriter = try ObservationRingWriter(ring)
        let payloadWriter = try PayloadRingWriter(payloads)
        self.ring = ringWriter
        self.payloads = payloadWriter
    }

    /// Records that readers don't see yet.
    public var pending: UInt64 { ring.pending }

    /// Appends a call and what is kept of its bytes; sets the record's hashes, flags and payload fields.
    ///
    /// Params and result are cut to what the ring takes; an empty span stands for none.
    ///
    /// - Complexity: a hash of both (about 4 bytes a cycle) and a copy of what is kept.
    public mutating func append(
        _ record: consuming ObservationRecord, params: Span<UInt8>, result: Span<UInt8>
    ) {
        record.argumentHash = params.isEmpty ? 0 : XXHash64.hash(params)
        record.resultHash = result.isEmpty ? 0 : XXHash64.hash(result)
        let paramsBytes = min(params.count, Self.maximumParamsBytes, payloads.maximumBytes)
        let resultBytes = min(
            result.count, Self.maximumResultBytes, payloads.maximumBytes - paramsBytes)
        let position = payloads.append(
            params.extracting(first: paramsBytes), result.extracting(first: resultBytes))
        var flags: ObservationFlags = []
        if let position {
            record.payloadPosition = position
            record.paramsBytes = UInt32(paramsBytes)
            record.payloadResultBytes = UInt32(resultBytes)
            if paramsBytes > 0 { flags.insert(.paramsCaptured) }
            if resultBytes > 0 { flags.insert(.resultCaptured) }
        }
        if paramsBytes < params.count { flags.insert(.paramsCut) }
        if resultBytes < result.count { flags.insert(.resultCut) }
        record.flags = flags
        append(record)
    }

    /// Appends a call without any of its bytes.
    public mutating func append(_ record: consuming ObservationRecord) {
        if ring.isFull { payloads.flush() }
        ring.append(record)
    }

    /// Shows what was appended to readers: payloads first, so that a record never leads to what is not there
    /// yet.
    public mutating func flush() {
        payloads.flush()
        ring.flush()
    }
}
