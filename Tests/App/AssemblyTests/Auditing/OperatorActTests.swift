import Assembly
import Testing

@Suite("What an operator did") struct OperatorActTests {
    @Test("is told in as many words as a running gateway takes") func bounds() {
        let act = OperatorAct("import", .failed, (1...40).map { "file \($0)" })
        #expect(act.details.count == 16)
        #expect(act.details[1] == "file 1" && act.details.last == "and 26 more")
        let long = OperatorAct("import", .failed, [String(repeating: "\u{20AC}", count: 900), "short"])
        #expect(long.details[1].utf8.count == 1023 && long.details[2] == "short")
        #expect(long.details[1].unicodeScalars.allSatisfy { $0 == "\u{20AC}" })
    }
}
