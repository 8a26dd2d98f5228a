import Sessions
import TestSupport
import Testing
import Wire

@Suite("Rewriting and restoring") struct BridgePropertyTests {
    /// A random JSON value of bounded size, with white space in places where JSON allows it.
    static func value(_ random: inout SeededGenerator, depth: Int) -> String {
        let space = ["", "", "", " ", "\n", "\t "].randomElement(using: &random) ?? ""
        let kind = Int.random(in: 0..<(depth > 0 ? 8 : 6), using: &random)
        let count = Int.random(in: 0..<4, using: &random)
        let value: String
        switch kind {
        case 0: value = "null"
        case 1: value = "true"
        case 2:
            value =
                ["0", "-1", "1.50", "1e400", "123456789012345678901234567890"].randomElement(using: &random)
                ?? ""
        case 3...5: value = string(&random)
        case 6:
            let items = (0..<count).map { _ in Self.value(&random, depth: depth - 1) }
            value = "[\(items.joined(separator: ","))]"
        default:
            let members = (0..<count).map { "\"k\($0)\"\(space):\(Self.value(&random, depth: depth - 1))" }
            value = "{\(space)\(members.joined(separator: ","))}"
        }
        return space + value + space
    }

    static func string(_ random: inout SeededGenerator) -> String {
        let parts = ["a", "ö", "\\n", "\\u00e4", "\\ud83d\\ude00", "\\\"", "{", "}", ",", "€", "\\\\"]
        let count = Int.random(in: 0..<6, using: &random)
        return "\"" + (0..<count).map { _ in parts.randomElement(using: &random) ?? "" }.joined() + "\""
    }

    /// A random object with these members somewhere among random ones.
    static func object(_ fixed: [String], _ random: inout SeededGenerator) -> String {
        var members = fixed
        for index in 0..<Int.random(in: 0..<4, using: &random) {
            members.append("\"r\(index)\":\(value(&random, depth: 2))")
        }
        members.shuffle(using: &random)
        let gap = ["", " ", "\n  "].randomElement(using: &random) ?? ""
        return "{" + gap + members.joined(separator: gap + "," + gap) + gap + "}"
    }

    static func rewrite(_ text: String, _ edit: RequestEdit) throws -> Message {
        let message = try Message(text)
        return try Message(
            SessionsTests.text(
                RequestBridge.rewrite(message.bytes, message.frame, method: message.method, edit)))
    }

    @Test(
        "a request that is rewritten and restored is the same, byte for byte",
        arguments: 0..<300 as Range<UInt64>)
    func requests(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let token = Self.string(&random)
        let name = Self.string(&random)
        let id = Bool.random(using: &random) ? Self.string(&random) : "-7"
        let meta = Self.object(["\"progressToken\":\(token)"], &random)
        let params = Self.object(
            ["\"name\":\(name)", "\"_meta\":\(meta)", "\"arguments\":\(Self.value(&random, depth: 3))"],
            &random)
        let text = Self.object(
            ["\"jsonrpc\":\"2.0\"", "\"id\":\(id)", "\"method\":\"tools/call\"", "\"params\":\(params)"],
            &random)
        let away = RequestEdit(id: raw("99"), name: raw(#""upstream""#), progressToken: raw("12"))
        let back = RequestEdit(id: raw(id), name: raw(name), progressToken: raw(token))
        let sent = try Self.rewrite(text, away)
        #expect(MessageText.name(sent.bytes, sent.frame) == "upstream", "seed \(seed)")
        let restored = try Self.rewrite(SessionsTests.text(sent.bytes), back)
        #expect(SessionsTests.text(restored.bytes) == text, "seed \(seed)")
    }

    @Test(
        "a legacy request that crosses to the modern era and back loses nothing",
        arguments: 0..<300 as Range<UInt64>)
    func crossing(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let meta = Self.object(["\"progressToken\":1"], &random)
        let hasMeta = Bool.random(using: &random)
        let params = Self.object(["\"name\":\"n\""] + (hasMeta ? ["\"_meta\":\(meta)"] : []), &random)
        let text = Self.object(
            ["\"jsonrpc\":\"2.0\"", "\"id\":1", "\"method\":\"tools/call\"", "\"params\":\(params)"], &random)
        let modern = ModernMeta(identity: .gateway(version: "1"), logLevel: .info)
        let there = try Self.rewrite(text, RequestEdit(id: raw("1"), crossing: .toModern(modern)))
        #expect(
            ModernRules.refusal(there.bytes, there.frame, method: .toolsCall, carrier: .lines) == nil,
            "seed \(seed)")
        let back = try Self.rewrite(
            SessionsTests.text(there.bytes), RequestEdit(id: raw("1"), crossing: .toLegacy))
        #expect(
            SessionsTests.text(back.bytes).filter { !$0.isWhitespace } == text.filter { !$0.isWhitespace },
            "seed \(seed)")
    }

    @Test(
        "a legacy result that crosses to the modern era and back loses nothing",
        arguments: 0..<300 as Range<UInt64>)
    func results(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let method =
            [Sessions.Method.toolsCall, .toolsList, .resourcesRead].randomElement(using: &random)
            ?? .toolsCall
        var members = ["\"content\":\(Self.value(&random, depth: 3))"]
        if Bool.random(using: &random) { members.append("\"_meta\":" + Self.object(["\"x\":1"], &random)) }
        let text = Self.object(
            ["\"jsonrpc\":\"2.0\"", "\"id\":5", "\"result\":" + Self.object(members, &random)], &random)
        let info = raw(#"{"name":"s","version":"1"}"#)
        var current = text
        for (server, client) in [(Era.legacy, Era.modern), (.modern, .legacy)] {
            let message = try Message(current)
            let context = ResultContext(
                id: raw("5"), method: method, client: client, server: server, serverInfo: info)
            guard case .answer(let bytes) = ResultBridge.bridge(message.bytes, message.frame, context) else {
                Issue.record("seed \(seed)")
                return
            }
            current = SessionsTests.text(bytes)
        }
        #expect(current.filter { !$0.isWhitespace } == text.filter { !$0.isWhitespace }, "seed \(seed)")
    }

    @Test("no message that the scanner accepts makes a bridge fail", arguments: 0..<300 as Range<UInt64>)
    func anything(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let keys = ["id", "method", "params", "result", "error", "jsonrpc"]
        let members = keys.shuffled(using: &random).prefix(Int.random(in: 0...6, using: &random)).map { key in
            let fixed = key == "jsonrpc" ? "\"2.0\"" : key == "method" ? "\"completion/complete\"" : nil
            return "\"\(key)\":\(fixed ?? Self.value(&random, depth: 3))"
        }
        let message = try Message("{" + members.joined(separator: ",") + "}")
        let meta = ModernMeta(identity: .gateway(version: "1"))
        for crossing in [RequestEdit.Crossing.none, .toModern(meta), .toLegacy] {
            let edit = RequestEdit(
                id: raw("1"), name: raw("\"n\""), uri: raw("\"u\""), cursor: raw("\"c\""),
                progressToken: raw("2"),
                crossing: crossing)
            let bytes = RequestBridge.rewrite(message.bytes, message.frame, method: message.method, edit)
            try Scanner.validate(bytes, limits: .standard)
        }
        for server in [Era.legacy, .modern] {
            for client in [Era.legacy, .modern] {
                let context = ResultContext(
                    id: raw("1"), method: .toolsList, client: client, server: server, serverInfo: raw("{}"))
                if case .answer(let bytes) = ResultBridge.bridge(message.bytes, message.frame, context) {
                    try Scanner.validate(bytes, limits: .standard)
                }
            }
        }
        _ = ModernRules.refusal(message.bytes, message.frame, method: message.method, carrier: .lines)
    }
}
