import Rings
import TestSupport
import Testing

@Suite("Observation records") struct ObservationRecordTests {
    /// The bytes of a record as they lie in memory.
    static func bytes(_ record: ObservationRecord) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: ObservationRecord.bytes + 8)
        // Proof: the buffer has 128 bytes behind the first address in it that is divisible by 8.
        return unsafe bytes.withUnsafeMutableBytes { buffer in
            let start = unsafe buffer.baseAddress!.alignedUp(toMultipleOf: 8)
            unsafe record.store(to: start)
            return unsafe Array(UnsafeRawBufferPointer(start: start, count: ObservationRecord.bytes))
        }
    }

    /// The fields that the description names, read from bytes as NumPy would.
    static func described(_ bytes: [UInt8]) -> [String: Int64] {
        var values: [String: Int64] = [:]
        for field in ObservationRecord.fieldDescription.split(separator: ",") {
            let parts = field.split(separator: ":")
            guard parts.count == 3, let offset = Int(parts[2]), let width = Int(parts[1].dropFirst(2))
            else { continue }
            var value: UInt64 = 0
            for index in (0..<width).reversed() { value = value << 8 | UInt64(bytes[offset + index]) }
            values[String(parts[0])] =
                parts[1].dropFirst().hasPrefix("i")
                ? Int64(Int32(truncatingIfNeeded: value)) : Int64(bitPattern: value)
        }
        return values
    }

    @Test(
        "The description in the header names every field where it lies",
        arguments: 1...20 as ClosedRange<UInt64>)
    func description(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        var record = ObservationRecord.random(&generator)
        record.sequence = generator.next()
        record.checksum = record.expectedChecksum()
        let values = Self.described(Self.bytes(record))
        #expect(
            values == [
                "sequence": Int64(bitPattern: record.sequence),
                "time_us": Int64(bitPattern: record.startMicroseconds),
                "call_id": Int64(bitPattern: record.callID), "session": Int64(record.session),
                "principal": Int64(record.principal), "server": Int64(record.server),
                "tool": Int64(record.tool),
                "method": Int64(record.method), "era": Int64(record.era), "outcome": Int64(record.outcome),
                "flags": Int64(record.flags.rawValue), "error_code": Int64(record.errorCode),
                "queue_us": Int64(record.queueMicroseconds),
                "upstream_us": Int64(record.upstreamMicroseconds),
                "duration_us": Int64(record.durationMicroseconds),
                "request_bytes": Int64(record.requestBytes),
                "result_bytes": Int64(record.resultBytes),
                "argument_hash": Int64(bitPattern: record.argumentHash),
                "result_hash": Int64(bitPattern: record.resultHash),
                "advice_version": Int64(bitPattern: record.adviceVersion),
                "advice_reason": Int64(record.adviceReason),
                "loop": Int64(record.loop), "payload_position": Int64(bitPattern: record.payloadPosition),
                "params_bytes": Int64(record.paramsBytes),
                "payload_result_bytes": Int64(record.payloadResultBytes),
                "checksum": Int64(record.checksum),
            ], "seed \(seed)")
    }

    @Test(
        "A record is no longer whole when any byte of it is another", arguments: 1...20 as ClosedRange<UInt64>
    )
    func checksum(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        var record = ObservationRecord.random(&generator)
        record.checksum = record.expectedChecksum()
        #expect(record.isWhole)
        let bytes = Self.bytes(record)
        for index in bytes.indices {
            var damaged = bytes
            damaged[index] ^= UInt8.random(in: 1...255, using: &generator)
            #expect(!Self.record(damaged).isWhole, "seed \(seed), byte \(index)")
        }
    }

    static func record(_ bytes: [UInt8]) -> ObservationRecord {
        let words = (0..<16).map { word in
            (0..<8).reversed().reduce(UInt64(0)) { $0 << 8 | UInt64(bytes[word * 8 + $1]) }
        }
        // Proof: the array holds 16 words, 128 bytes, and lives through the call.
        return unsafe words.withUnsafeBytes { unsafe ObservationRecord(loading: $0.baseAddress!) }
    }
}
