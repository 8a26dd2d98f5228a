import TestSupport
import Testing

@testable import Transports

struct LineFramerTests {
    typealias Output = LineFramer.Output

    private static func frame(_ pieces: [[UInt8]], max: Int) -> [Output] {
        var framer = LineFramer(maxLineBytes: max)
        var output: [Output] = []
        for piece in pieces { framer.take(piece.span) { output.append($0) } }
        framer.finish { output.append($0) }
        return output
    }

    private static func line(_ text: String) -> Output { .line(Array(text.utf8)) }

    @Test(
        "Lines are the same wherever the stream is cut",
        arguments: [
            ("a\nbc\n", [line("a"), line("bc")]),
            ("a\r\n\r\n\n\nb\r\n", [line("a"), line("b")]),
            ("a\rb\n\r\r\n", [line("a\rb"), line("\r")]),
            ("12345\n", [line("12345")]),
            ("12345\r\n", [line("12345")]),
            ("123456\na\n", [.oversized, line("a")]),
            ("123456\r\na\n", [.oversized, line("a")]),
            ("12345678901234\na", [.oversized, line("a")]),
            ("1234567", [.oversized]),
            ("", []),
        ] as [(String, [Output])])
    func cuts(_ text: String, _ expected: [Output]) {
        let bytes = Array(text.utf8)
        for first in 0...bytes.count {
            for second in first...bytes.count {
                #expect(Self.frame(bytes.cut(at: [first, second]), max: 5) == expected)
            }
        }
        #expect(Self.frame(bytes.map { [$0] }, max: 5) == expected)
    }

    @Test("Random streams give the same lines as splitting the whole")
    func agreesWithSplitting() {
        let seed = UInt64.random(in: 0 ... .max)
        print("seed \(seed)")
        var random = SeededGenerator(seed: seed)
        for _ in 0..<2000 {
            let bytes =
                (0..<Int.random(in: 0...60, using: &random)).map { _ in
                    [0x61, 0x62, 0x0A, 0x0D].randomElement(using: &random) ?? 0
                } as [UInt8]
            let max = Int.random(in: 1...8, using: &random)
            var expected: [Output] = []
            for line in bytes.split(separator: 0x0A, omittingEmptySubsequences: false) {
                let kept = line.last == 0x0D ? line.dropLast() : line
                if kept.count > max {
                    expected.append(.oversized)
                } else if !kept.isEmpty {
                    expected.append(.line(Array(kept)))
                }
            }
            let places = (0..<4).map { _ in Int.random(in: 0...bytes.count, using: &random) }
            #expect(Self.frame(bytes.cut(at: places), max: max) == expected)
        }
    }
}
