import Rings
import SharedMemory
import TestSupport
import Testing

@Suite("Observation logs") struct ObservationLogTests {
    @Test("A record leads to its bytes, cut where they are too many, and tells so") func payloads() throws {
        let segment = try RingSegment()
        var log = try ObservationLog(
            ring: segment.writable(.observationRing), payloads: segment.writable(.payloadRing))
        var reader = try ObservationRingReader(segment.section(.observationRing), from: .beginning)
        let payloads = try PayloadRingReader(segment.section(.payloadRing))
        var generator = SeededGenerator(seed: 5)
        let params = generator.bytes(100)
        let result = generator.bytes(1000)
        let none: [UInt8] = []
        log.append(ObservationRecord(), params: params.span, result: result.span)
        log.append(ObservationRecord(), params: none.span, result: none.span)
        log.append(ObservationRecord(), params: result.span, result: params.span)
        log.flush()
        var read: [ObservationRecord] = []
        try reader.read(limit: 10, into: &read)
        #expect(
            read.map(\.flags) == [
                [.paramsCaptured, .resultCaptured, .resultCut], [],
                [.paramsCaptured, .paramsCut, .resultCut],
            ])
        #expect(read.map(\.argumentHash) == [XXHash64.hash(params.span), 0, XXHash64.hash(result.span)])
        #expect(read.map(\.resultHash) == [XXHash64.hash(result.span), 0, XXHash64.hash(params.span)])
        #expect(payloads.payload(of: read[0])?.params == params)
        #expect(payloads.payload(of: read[0])?.result == Array(result[..<412]))
        #expect(payloads.payload(of: read[1]) == nil)
        #expect(payloads.payload(of: read[2])?.params == Array(result[..<512]))
        #expect(payloads.payload(of: read[2])?.result == [])
    }

    @Test("A published record's bytes are published too, also where the log flushes by itself") func early()
        throws
    {
        let segment = try RingSegment()
        var log = try ObservationLog(
            ring: segment.writable(.observationRing), payloads: segment.writable(.payloadRing))
        var reader = try ObservationRingReader(segment.section(.observationRing), from: .beginning)
        let payloads = try PayloadRingReader(segment.section(.payloadRing))
        let params: [UInt8] = [1, 2, 3]
        var read: [ObservationRecord] = []
        for _ in 0..<40 {
            log.append(ObservationRecord(), params: params.span, result: params.span)
            read.removeAll()
            try reader.read(limit: 10, into: &read)
            #expect(read.allSatisfy { payloads.payload(of: $0)?.params == params })
        }
        #expect(reader.position == 40)
    }
}
