import Testing
import Wire

@Suite("Text encoding")
struct EncodingTests {
    private static func quoted(_ contents: [UInt8]) -> [UInt8] { [0x22] + contents + [0x22] }

    @Test("accepts the first and the last scalar of every length")
    func bounds() {
        for text in [
            "\u{80}", "\u{7FF}", "\u{800}", "\u{D7FF}", "\u{E000}", "\u{FFFF}", "\u{10000}", "\u{10FFFF}",
        ] {
            #expect(refusal("\"\(text)\"") == nil)
        }
    }

    @Test("refuses ill-formed UTF-8 at the sequence's first byte, wherever it falls in a block")
    func illFormed() {
        let sequences: [[UInt8]] = [
            [0x80], [0xBF], [0xC0, 0x80], [0xC1, 0xBF], [0xC2], [0xC2, 0x41], [0xE0, 0x80, 0x80],
            [0xE0, 0x9F, 0xBF],
            [0xE2, 0x82], [0xE2, 0x28, 0xA1], [0xED, 0xA0, 0x80], [0xED, 0xBF, 0xBF],
            [0xF0, 0x80, 0x80, 0x80],
            [0xF0, 0x8F, 0xBF, 0xBF], [0xF0, 0x9F, 0x98], [0xF4, 0x90, 0x80, 0x80], [0xF5, 0x80, 0x80, 0x80],
            [0xF8, 0x88, 0x80, 0x80, 0x80], [0xFE], [0xFF],
        ]
        for sequence in sequences {
            for shift in 0...70 {
                for fill in [[0x61], [0xC3, 0xA9]] as [[UInt8]] {
                    let before = Array(repeatElement(fill, count: shift).joined())
                    let message = Self.quoted(before + sequence + [0x61])
                    guard refusal(message) != .invalidUTF8(offset: 1 + before.count) else { continue }
                    Issue.record("\(sequence) at \(shift)")
                }
            }
        }
    }

    @Test("refuses every pair of bytes that is ill-formed, and no other")
    func everyPair() {
        for first in UInt8.min...UInt8.max {
            for second in UInt8.min...UInt8.max {
                let message = Self.quoted([first, second])
                expectAgreement(message)
            }
        }
    }

    @Test("agrees with the standard library on every sequence of three and four edge bytes")
    func edges() {
        let edge: [UInt8] = [
            0x41, 0x7F, 0x80, 0x8F, 0x90, 0x9F, 0xA0, 0xBF, 0xC0, 0xC2, 0xE0, 0xED, 0xF0, 0xF4, 0xFF,
        ]
        for a in [0xC2, 0xE0, 0xED, 0xEF, 0xF0, 0xF4] as [UInt8] {
            for b in edge {
                for c in edge {
                    for d in edge {
                        let message = Self.quoted([a, b, c, d])
                        expectAgreement(message)
                    }
                }
            }
        }
    }

    @Test("names a byte order mark and the wide encodings")
    func marks() {
        #expect(refusal([0xEF, 0xBB, 0xBF, 0x7B, 0x7D]) == .byteOrderMark)
        #expect(refusal([0xEF, 0xBB, 0xBF]) == .byteOrderMark)
        #expect(refusal([0xFF, 0xFE, 0x7B, 0x00]) == .notUTF8Encoding)
        #expect(refusal([0xFE, 0xFF, 0x00, 0x7B]) == .notUTF8Encoding)
        #expect(refusal([0x5B, 0x00, 0x5D, 0x00]) == .notUTF8Encoding)
        #expect(refusal([0x00, 0x5B, 0x00, 0x5D]) == .notUTF8Encoding)
        #expect(refusal([0x00, 0x00, 0x00, 0x5B]) == .notUTF8Encoding)
    }

    @Test("reports the fault that comes first")
    func firstFault() {
        #expect(refusal([0x5B, 0x22, 0xFF, 0x01, 0x22]) == .invalidUTF8(offset: 2))
        #expect(refusal([0x5B, 0x22, 0x01, 0xFF, 0x22]) == .syntax(offset: 2))
        #expect(refusal(bytes("[1,}\"") + [0xFF]) == .syntax(offset: 3))
        #expect(refusal([UInt8](" ", repeated: 70) + bytes("[,\"\u{1}\"]")) == .syntax(offset: 71))
    }
}
