import TestSupport
import Testing
import Wire

@Suite("The scanner against a reference, on random texts")
struct PropertyTests {
    @Test("accepts every generated text and agrees on its mutations", arguments: [1, 20_261_123] as [UInt64])
    func agreement(seed: UInt64) {
        var generator = RandomJSON(random: SeededGenerator(seed: seed))
        for round in 0..<1500 {
            let message = generator.text()
            expectAgreement(message, "seed \(seed) round \(round)")
            for _ in 0..<4 {
                expectAgreement(generator.mutated(message), "seed \(seed) round \(round), mutated")
            }
        }
    }

    @Test("finds in a frame what a plain walk finds", arguments: [11, 12] as [UInt64])
    func frames(seed: UInt64) throws {
        var generator = RandomJSON(random: SeededGenerator(seed: seed))
        for round in 0..<1500 {
            let message = Self.envelope(&generator)
            let frame = try Scanner.scan(message)
            let view = JSONView(message, frame.root)
            let params = view["params"]
            let meta = params.flatMap { $0["_meta"] }
            let pairs: [(ByteRange, JSONView?)] = [
                (frame.id, view["id"]), (frame.params, params), (frame.result, view["result"]),
                (frame.error, view["error"]), (frame.paramsName, params?["name"]),
                (frame.paramsURI, params?["uri"]),
                (frame.paramsArguments, params?["arguments"]), (frame.paramsMeta, meta),
                (frame.paramsCursor, params?["cursor"]), (frame.progressToken, meta?["progressToken"]),
                (frame.metaProtocolVersion, meta?["io.modelcontextprotocol/protocolVersion"]),
                (frame.resultType, view["result"]?["resultType"]),
            ]
            let equal = pairs.allSatisfy { $0 == $1?.range ?? .none }
            if !equal { Issue.record("seed \(seed) round \(round): \(text(message))") }
            if frame.resultIsError != (view["result"]?["isError"]?.bool ?? false) {
                Issue.record("seed \(seed) round \(round): \(text(message))")
            }
        }
    }

    /// An object with a random choice of the keys that frames record, at random places.
    private static func envelope(_ generator: inout RandomJSON) -> [UInt8] {
        func object(_ keys: [String], _ nested: [String: String]) -> String {
            var parts: [String] = []
            for key in keys.shuffled(using: &generator.random) where generator.random.chance(60) {
                let value = nested[key] ?? generator.value(2)
                let blank = generator.random.pick(["", " ", "\n\t"])
                parts.append("\(blank)\"\(key)\"\(blank):\(blank)\(value)\(blank)")
            }
            return "{" + parts.joined(separator: ",") + "}"
        }
        let meta = object(["progressToken", "io.modelcontextprotocol/protocolVersion", "name", "id"], [:])
        let params = object(["name", "uri", "arguments", "cursor", "_meta", "result"], ["_meta": meta])
        let result = object(["isError", "resultType", "params"], ["isError": "true"])
        let error = object(["code", "message"], [:])
        let envelope = object(
            ["jsonrpc", "id", "method", "params", "result", "error", "other", "name"],
            ["params": params, "result": result, "error": error, "jsonrpc": "\"2.0\""])
        return bytes(envelope)
    }
}
