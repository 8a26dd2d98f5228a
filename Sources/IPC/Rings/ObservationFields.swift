extension ObservationRecord {
    /// The fields in the form of a segment's header: "name:format:offset," with NumPy's format codes.
    public static let fieldDescription = [
        "sequence:<u8:0",
        "time_us:<u8:8",
        "call_id:<u8:16",
        "session:<u4:24",
        "principal:<u4:28",
        "server:<u4:32",
        "tool:<u4:36",
        "method:<u4:40",
        "era:|u1:44",
        "outcome:|u1:45",
        "flags:<u2:46",
        "error_code:<i4:48",
        "queue_us:<u4:52",
        "upstream_us:<u4:56",
        "duration_us:<u4:60",
        "request_bytes:<u4:64",
        "result_bytes:<u4:68",
        "argument_hash:<u8:72",
        "result_hash:<u8:80",
        "advice_version:<u8:88",
        "advice_reason:<u4:96",
        "loop:<u2:100",
        "payload_position:<u8:104",
        "params_bytes:<u4:112",
        "payload_result_bytes:<u4:116",
        "checksum:<u4:124",
    ].map { "\($0)," }.joined()

    /// One more than the record's index in its ring; set by the writer.
    @inlinable public var sequence: UInt64 {
        get { words[0] }
        set { words[0] = newValue }
    }

    /// When the call began, in microseconds since 1970.
    @inlinable public var startMicroseconds: UInt64 {
        get { words[1] }
        set { words[1] = newValue }
    }

    @inlinable public var callID: UInt64 {
        get { words[2] }
        set { words[2] = newValue }
    }

    /// The id of an interned name, as the four below; 0 for none.
    @inlinable public var session: UInt32 {
        get { UInt32(truncatingIfNeeded: words[3]) }
        set { words[3] = words[3] & ~0xFFFF_FFFF | UInt64(newValue) }
    }

    @inlinable public var principal: UInt32 {
        get { UInt32(truncatingIfNeeded: words[3] >> 32) }
        set { words[3] = words[3] & ~(0xFFFF_FFFF << 32) | UInt64(newValue) << 32 }
    }

    @inlinable public var server: UInt32 {
        get { UInt32(truncatingIfNeeded: words[4]) }
        set { words[4] = words[4] & ~0xFFFF_FFFF | UInt64(newValue) }
    }

    @inlinable public var tool: UInt32 {
        get { UInt32(truncatingIfNeeded: words[4] >> 32) }
        set { words[4] = words[4] & ~(0xFFFF_FFFF << 32) | UInt64(newValue) << 32 }
    }

    @inlinable public var method: UInt32 {
        get { UInt32(truncatingIfNeeded: words[5]) }
        set { words[5] = words[5] & ~0xFFFF_FFFF | UInt64(newValue) }
    }

    /// 0 legacy, 1 modern.
    @inlinable public var era: UInt8 {
        get { UInt8(truncatingIfNeeded: words[5] >> 32) }
        set { words[5] = words[5] & ~(0xFF << 32) | UInt64(newValue) << 32 }
    }

    /// The raw value of Telemetry's `CallRecord.Outcome`.
    @inlinable public var outcome: UInt8 {
        get { UInt8(truncatingIfNeeded: words[5] >> 40) }
        set { words[5] = words[5] & ~(0xFF << 40) | UInt64(newValue) << 40 }
    }

    @inlinable public var flags: ObservationFlags {
        get { ObservationFlags(rawValue: UInt16(truncatingIfNeeded: words[5] >> 48)) }
        set { words[5] = words[5] & ~(0xFFFF << 48) | UInt64(newValue.rawValue) << 48 }
    }

    /// The JSON-RPC error code; 0 without one.
    @inlinable public var errorCode: Int32 {
        get { Int32(truncatingIfNeeded: words[6]) }
        set { words[6] = words[6] & ~0xFFFF_FFFF | UInt64(UInt32(bitPattern: newValue)) }
    }

    @inlinable public var queueMicroseconds: UInt32 {
        get { UInt32(truncatingIfNeeded: words[6] >> 32) }
        set { words[6] = words[6] & ~(0xFFFF_FFFF << 32) | UInt64(newValue) << 32 }
    }

    @inlinable public var upstreamMicroseconds: UInt32 {
        get { UInt32(truncatingIfNeeded: words[7]) }
        set { words[7] = words[7] & ~0xFFFF_FFFF | UInt64(newValue) }
    }

    @inlinable public var durationMicroseconds: UInt32 {
        get { UInt32(truncatingIfNeeded: words[7] >> 32) }
        set { words[7] = words[7] & ~(0xFFFF_FFFF << 32) | UInt64(newValue) << 32 }
    }

    @inlinable public var requestBytes: UInt32 {
        get { UInt32(truncatingIfNeeded: words[8]) }
        set { words[8] = words[8] & ~0xFFFF_FFFF | UInt64(newValue) }
    }

    @inlinable public var resultBytes: UInt32 {
        get { UInt32(truncatingIfNeeded: words[8] >> 32) }
        set { words[8] = words[8] & ~(0xFFFF_FFFF << 32) | UInt64(newValue) << 32 }
    }

    /// XXH64 of the raw params; 0 for none.
    @inlinable public var argumentHash: UInt64 {
        get { words[9] }
        set { words[9] = newValue }
    }

    /// XXH64 of the raw result; 0 for none.
    @inlinable public var resultHash: UInt64 {
        get { words[10] }
        set { words[10] = newValue }
    }

    @inlinable public var adviceVersion: UInt64 {
        get { words[11] }
        set { words[11] = newValue }
    }

    /// A set of bits.
    @inlinable public var adviceReason: UInt32 {
        get { UInt32(truncatingIfNeeded: words[12]) }
        set { words[12] = words[12] & ~0xFFFF_FFFF | UInt64(newValue) }
    }

    @inlinable public var loop: UInt16 {
        get { UInt16(truncatingIfNeeded: words[12] >> 32) }
        set { words[12] = words[12] & ~(0xFFFF << 32) | UInt64(newValue) << 32 }
    }

    /// Where the params begin in the loop's payload stream; the result follows them.
    @inlinable public var payloadPosition: UInt64 {
        get { words[13] }
        set { words[13] = newValue }
    }

    /// Of the params that the payload ring holds.
    @inlinable public var paramsBytes: UInt32 {
        get { UInt32(truncatingIfNeeded: words[14]) }
        set { words[14] = words[14] & ~0xFFFF_FFFF | UInt64(newValue) }
    }

    /// Of the result that the payload ring holds.
    @inlinable public var payloadResultBytes: UInt32 {
        get { UInt32(truncatingIfNeeded: words[14] >> 32) }
        set { words[14] = words[14] & ~(0xFFFF_FFFF << 32) | UInt64(newValue) << 32 }
    }

    /// Over the rest of the record; set by the writer.
    @inlinable public var checksum: UInt32 {
        get { UInt32(truncatingIfNeeded: words[15] >> 32) }
        set { words[15] = words[15] & ~(0xFFFF_FFFF << 32) | UInt64(newValue) << 32 }
    }
}
