import Learners
import TestSupport
import Testing

@Suite("Saved bytes") struct ByteCodingTests {
    @Test("Integers of every length are read back") func integers() {
        let values = (0..<64).flatMap { [UInt64(1) << $0, (UInt64(1) << $0) - 1] } + [UInt64.max]
        var encoder = ByteEncoder()
        for value in values { encoder.write(value) }
        var decoder = ByteDecoder(encoder.bytes)
        for value in values { #expect(decoder.integer() == value) }
        #expect(decoder.isAtEnd)
    }

    @Test("An integer beyond 64 bits is refused") func tooLong() {
        var decoder = ByteDecoder([UInt8](repeating: 0xFF, count: 9) + [2])
        #expect(decoder.integer() == nil)
        var endless = ByteDecoder([UInt8](repeating: 0x80, count: 40))
        #expect(endless.integer() == nil)
    }

    @Test("A run longer than what is left is refused") func run() {
        var encoder = ByteEncoder()
        encoder.write([1, 2, 3])
        var whole = ByteDecoder(encoder.bytes)
        #expect(whole.run(upTo: 3) == [1, 2, 3])
        var short = ByteDecoder(Array(encoder.bytes.dropLast()))
        #expect(short.run(upTo: 3) == nil)
        var long = ByteDecoder(encoder.bytes)
        #expect(long.run(upTo: 2) == nil)
    }

    @Test("Once something was wrong nothing more is read") func broken() {
        var decoder = ByteDecoder([0x80])
        #expect(decoder.integer() == nil)
        #expect(decoder.integer() == nil)
        #expect(decoder.double() == nil)
        #expect(!decoder.isAtEnd)
    }
}
