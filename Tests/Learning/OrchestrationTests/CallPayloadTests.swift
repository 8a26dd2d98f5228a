import TestSupport
import Testing

@testable import Orchestration

@Suite("What patterns read of a payload") struct CallPayloadTests {
    private func text(_ bytes: ArraySlice<UInt8>?) -> String? {
        bytes.map { String(decoding: $0, as: UTF8.self) }
    }

    private func read(
        _ params: String?, _ result: String?, isParamsCut: Bool = false, isResultCut: Bool = false
    ) -> (arguments: String?, result: String?) {
        let payload = CallPayload(
            params: params.map { Array($0.utf8) }, isParamsCut: isParamsCut,
            result: result.map { Array($0.utf8) }, isResultCut: isResultCut)
        return (text(payload.arguments), text(payload.result))
    }

    @Test("Arguments are their object as it was sent; without any it is empty")
    func arguments() {
        #expect(read(#"{"name":"t","arguments":{"a": [1]}}"#, nil).arguments == #"{"a": [1]}"#)
        #expect(read(#"{"name":"t"}"#, nil).arguments == "{}")
        #expect(read(#"{"name":"t","arguments":null}"#, nil).arguments == "{}")
        #expect(read(#"{"name":"t","arguments":[1]}"#, nil).arguments == nil)
        #expect(read(#"{"name":"t","arguments":{"a":1"#, nil).arguments == nil)
        #expect(read(#"{"name":"t","arguments":{}}"#, nil, isParamsCut: true).arguments == nil)
        #expect(read(nil, nil).arguments == nil)
    }

    @Test("A result is the texts of its content, else what is structured, else all of it")
    func results() {
        let content = #"{"content":[{"type":"text","text":"a\nb"},{"type":"image"},{"text":"c"}]}"#
        #expect(read(nil, content).result == "a\nb\nc")
        #expect(read(nil, #"{"content":[],"structuredContent":{"n":1}}"#).result == #"{"n":1}"#)
        #expect(read(nil, #"{"code":-32000,"message":"no"}"#).result == #"{"code":-32000,"message":"no"}"#)
        #expect(read(nil, nil).result == nil)
    }

    @Test("Of a result that was cut it is the part of the first text that is there")
    func cutResults() {
        let start = #"{"content":[{"type":"text","text":"one \"two\" thr"#
        #expect(read(nil, start, isResultCut: true).result == "one \"two\" thr")
        #expect(read(nil, start + "\\", isResultCut: true).result?.hasPrefix("one") == true)
        #expect(read(nil, #"{"content":[{"type":"#, isResultCut: true).result == #"{"content":[{"type":"#)
    }

    @Test("Random bytes never end it", arguments: 1...3 as ClosedRange<UInt64>)
    func random(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let whole = Array(#"{"name":"t","arguments":{"a":"\u00e9\\"},"content":[{"text":"x\ud800y"}]}"#.utf8)
        for _ in 0..<2000 {
            var bytes = whole
            for _ in 0..<Int.random(in: 0...4, using: &random) {
                bytes[Int.random(in: 0..<bytes.count, using: &random)] = random.bytes(1)[0]
            }
            bytes.removeLast(Int.random(in: 0...bytes.count, using: &random))
            let payload = CallPayload(
                params: bytes, isParamsCut: random.chance(30), result: bytes, isResultCut: random.chance(50))
            #expect((payload.result?.count ?? 0) <= CallPayload.mostTextBytes)
        }
    }
}
