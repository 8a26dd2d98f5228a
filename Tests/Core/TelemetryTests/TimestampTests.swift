import Foundation
import Telemetry
import Testing

@Suite("Timestamps")
struct TimestampTests {
    @Test("Known moments, leap days and century ends are written right")
    func known() {
        #expect(Timestamp.text(0) == "1970-01-01T00:00:00.000000Z")
        #expect(Timestamp.text(951_782_400_000_001) == "2000-02-29T00:00:00.000001Z")
        #expect(Timestamp.text(4_107_542_399_999_999) == "2100-02-28T23:59:59.999999Z")
    }

    @Test("Random moments agree with Foundation's calendar")
    func random() {
        let seed = UInt64.random(in: 0...UInt64.max)
        var state = seed
        let formatter = ISO8601DateFormatter()
        for _ in 0..<2000 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            let seconds = state >> 30
            let expected = formatter.string(from: Date(timeIntervalSince1970: Double(seconds)))
            let written = Timestamp.text(seconds * 1_000_000)
            #expect(written == expected.dropLast() + ".000000Z", "seed \(seed), second \(seconds)")
        }
    }
}
