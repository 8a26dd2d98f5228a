import CWire
import TestSupport
import Testing
import Wire

@Suite("Outlines")
struct OutlineTests {
    private enum Kernel: CaseIterable {
        case portable, sse2, avx2, avx512, neon

        /// Those which this processor runs.
        static var all: [Kernel] { allCases.filter(\.isThere) }

        private var isThere: Bool {
            #if arch(x86_64)
                switch self {
                case .portable, .sse2: true
                case .avx2: cwire_has_avx2()
                case .avx512: cwire_has_avx512()
                case .neon: false
                }
            #elseif arch(arm64)
                self == .portable || self == .neon
            #else
                self == .portable
            #endif
        }

        // Proof, for every call below: `outline` has begun; its text and buffers live during the call.
        func judge(_ outline: inout cwire_outline) {
            #if arch(x86_64)
                switch self {
                case .sse2: unsafe cwire_judge_sse2(&outline)
                case .avx2: unsafe cwire_judge_avx2(&outline)
                case .avx512: unsafe cwire_judge_avx512(&outline)
                default: unsafe cwire_judge_scalar(&outline)
                }
            #elseif arch(arm64)
                if self == .neon {
                    unsafe cwire_judge_neon(&outline)
                } else {
                    unsafe cwire_judge_scalar(&outline)
                }
            #else
                unsafe cwire_judge_scalar(&outline)
            #endif
        }
    }

    private struct Outline: Equatable {
        var isSure = false
        var starts: [UInt32] = []
        var end = 0
    }

    /// The outline of a text; nil where its first token opens no container.
    private static func outline(
        of text: [UInt8], levels: Int, maxDepth: Int = 64, _ kernel: Kernel
    ) -> Outline? {
        var outline = unsafe cwire_outline()
        var starts = [UInt32](repeating: 0, count: Int(CWIRE_OUTLINE_STARTS))
        var result = Outline()
        // Proof: the buffers are used only inside the closure that lends them, and are as large as is asked.
        return unsafe starts.withUnsafeMutableBufferPointer { starts in
            unsafe text.withUnsafeBufferPointer { text in
                guard
                    unsafe cwire_outline_begin(
                        &outline, text.baseAddress!, text.count, starts.baseAddress!, maxDepth, levels)
                else { return nil }
                repeat {
                    unsafe outline.found = 0
                    unsafe kernel.judge(&outline)
                    if unsafe outline.doubtful { return Outline() }
                    let found = unsafe outline.found
                    unsafe result.starts += starts[..<found]
                } while unsafe outline.next < outline.count
                result.isSure = true
                result.end = unsafe outline.end
                return result
            }
        }
    }

    /// A text, or one that is almost JSON, in a list behind a string that shifts it within its blocks.
    private static func nested(_ generator: inout RandomJSON) -> [UInt8] {
        var text = generator.text()
        if generator.random.chance(50) { text = generator.mutated(text) }
        let shift = Int.random(in: 0..<70, using: &generator.random)
        let front = bytes("[\"" + String(repeating: "x", count: shift) + "\",")
        return generator.random.chance(80) ? front + text + bytes("]") : text
    }

    @Test("are sure of a text exactly when it is JSON, on every processor", arguments: [21, 22] as [UInt64])
    func verdicts(seed: UInt64) {
        var generator = RandomJSON(random: SeededGenerator(seed: seed))
        for round in 0..<1500 {
            let message = Self.nested(&generator)
            let levels = Int.random(in: 0...4, using: &generator.random)
            // An empty text is refused before.
            guard !message.isEmpty else { continue }
            let expected = Self.outline(of: message, levels: levels, .portable)
            if let expected, expected.isSure != ReferenceValidator.accepts(message) {
                Issue.record("seed \(seed) round \(round): \(text(message).debugDescription)")
            }
            for kernel in Kernel.all {
                guard Self.outline(of: message, levels: levels, kernel) != expected else { continue }
                Issue.record("\(kernel), seed \(seed) round \(round): \(text(message).debugDescription)")
            }
        }
    }

    @Test("name the same fault and find the same frame as the walk", arguments: [23, 24] as [UInt64])
    func walks(seed: UInt64) {
        var generator = RandomJSON(random: SeededGenerator(seed: seed))
        for round in 0..<1500 {
            let front = bytes("{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":")
            let message = front + Self.nested(&generator) + bytes("}")
            let found = Result { () throws(ScanError) in try Scanner.scan(message) }
            let expected = Result { () throws(ScanError) in
                try Scanner.scanByWalk(message, limits: .standard)
            }
            if "\(found)" != "\(expected)" {
                Issue.record("seed \(seed) round \(round): \(text(message).debugDescription)")
            }
        }
    }

    @Test("judge a number or literal wherever a block cuts it")
    func scalars() {
        let scalars = [
            "0", "-0", "10", "-12", "1.5", "-0.25e+10", "1E-2", "120e3", "true", "false", "null",
            "-", "01", "-01", "1.", ".5", "1e", "1e+", "1.e2", "1.5.2", "1e2e3", "1e2.5", "+1", "--1", "1-2",
            "0x1",
            "tru", "truE", "truee", "nulll", "falsey", "fals", "t", "1true", "true1", "1\"", "\\", "\u{7F}",
            "é",
        ]
        for scalar in scalars {
            for shift in 50..<70 {
                for message in ["[%]", "[1,%,2]", "{\"a\":%}", "[[% ],0]", "[%"] {
                    let filled = message.replacing("%", with: String(repeating: " ", count: shift) + scalar)
                    let expected = ReferenceValidator.accepts(bytes(filled))
                    for kernel in Kernel.all {
                        let isSure = Self.outline(of: bytes(filled), levels: 3, kernel)?.isSure
                        guard isSure != expected else { continue }
                        Issue.record("\(kernel): \(filled)")
                    }
                }
            }
        }
    }

    @Test("give out all outer tokens, in as many stretches as it takes")
    func stretches() {
        let row = #"{"row":{"b":[3]},"_meta":{"c":[4],"d":{}},"x":[5]},"#
        let message = bytes("[" + String(repeating: row, count: 400) + "0]")
        // Of each row what is not inside `row`, `c`, `d` or `x`, and its comma.
        let expected = 3 + 400 * 26
        for kernel in Kernel.all {
            let outline = Self.outline(of: message, levels: 2, kernel)
            #expect(outline?.isSure == true && outline?.starts.count == expected, "\(kernel)")
            #expect(outline?.end == message.count, "\(kernel)")
        }
    }

    @Test("leave deeper nesting to the walk")
    func depth() {
        let text = [UInt8]("[", repeated: 64) + [UInt8]("]", repeated: 64)
        #expect(Self.outline(of: text, levels: 3, .portable)?.isSure == true)
        #expect(Self.outline(of: text, levels: 3, maxDepth: 63, .portable)?.isSure == false)
        let deeper = [UInt8]("[", repeated: 65) + [UInt8]("]", repeated: 65)
        #expect(Self.outline(of: deeper, levels: 3, maxDepth: 128, .portable)?.isSure == false)
        #expect(throws: Never.self) { _ = try Scanner.scan(deeper) }
    }
}
