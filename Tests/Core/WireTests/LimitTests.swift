import Testing
import Wire

@Suite("Limits")
struct LimitTests {
    private func nested(_ depth: Int) -> [UInt8] {
        [UInt8]("[", repeated: depth) + [UInt8]("]", repeated: depth)
    }

    @Test("accepts nesting up to the limit and names the bracket behind it")
    func depth() {
        #expect(refusal(nested(128)) == nil)
        #expect(refusal(nested(129)) == .tooDeep(offset: 128))
        #expect(refusal(nested(100_000)) == .tooDeep(offset: 128))
        #expect(refusal(nested(1), limits: ScanLimits(maxDepth: 0)) == .tooDeep(offset: 0))
        #expect(refusal(bytes("1"), limits: ScanLimits(maxDepth: 0)) == nil)
        let objects = [UInt8]("{\"a\":", repeated: 129) + bytes("1") + [UInt8]("}", repeated: 129)
        #expect(refusal(objects) == .tooDeep(offset: 128 * 5))
    }

    @Test("caps the depth that can be asked for")
    func deepest() {
        let limits = ScanLimits(maxDepth: .max)
        #expect(refusal(nested(ScanLimits.deepestNesting), limits: limits) == nil)
        #expect(refusal(nested(ScanLimits.deepestNesting + 1), limits: limits) == .tooDeep(offset: 1024))
    }

    @Test("counts the levels of an envelope as any other")
    func envelopeDepth() {
        let message = "{\"params\":{\"_meta\":{\"progressToken\":[]}}}"
        #expect(throws: ScanError.tooDeep(offset: 36)) {
            _ = try Scanner.scan(bytes(message), limits: ScanLimits(maxDepth: 3))
        }
        #expect(throws: ScanError.tooDeep(offset: 10)) {
            _ = try Scanner.scan(bytes(message), limits: ScanLimits(maxDepth: 1))
        }
        #expect(throws: Never.self) { _ = try Scanner.scan(bytes(message), limits: ScanLimits(maxDepth: 4)) }
    }

    @Test("refuses a message that is too large before reading it")
    func size() {
        #expect(refusal(bytes("[ ]"), limits: ScanLimits(maxBytes: 3)) == nil)
        #expect(refusal(bytes("[  ]"), limits: ScanLimits(maxBytes: 3)) == .tooLarge(bytes: 4))
        let tooMany = (4 << 20) + 1
        #expect(refusal([UInt8](repeating: 0x20, count: tooMany)) == .tooLarge(bytes: tooMany))
    }
}
