import TestSupport
import Testing
import Wire

@Suite("Splices")
struct SpliceTests {
    private func edit(_ message: String, _ change: (inout Splice, JSONView) throws -> Void) throws -> String {
        var splice = Splice()
        try change(&splice, JSONView(validating: bytes(message)))
        let edited = splice.apply(to: bytes(message))
        #expect(refusal(edited) == nil)
        return text(edited)
    }

    @Test("leave every other byte as it was")
    func exact() throws {
        let message =
            " {\"jsonrpc\" : \"2.0\",\t\"id\":12,\"big\":1234567890123456789012.5E+0300,\"s\":\"\\u00e9\\/\"} \n"
        let frame = try scan(message)
        var splice = Splice()
        splice.replace(frame.id, with: bytes("\"a-longer-id\""))
        #expect(
            text(splice.apply(to: bytes(message)))
                == message.replacing("\"id\":12", with: "\"id\":\"a-longer-id\""))
        #expect(Splice().isEmpty && !splice.isEmpty)
        #expect(Splice().apply(to: bytes(message)) == bytes(message))
    }

    @Test("apply by offset, whatever the order they were made in")
    func order() throws {
        let out = try edit("[1,2,3]") { splice, view in
            let elements = Array(view.elements)
            splice.replace(elements[2].range, with: bytes("\"three\""))
            splice.insert(bytes("0,"), at: 1)
            splice.insert(bytes("0.5,"), at: 1)
            splice.replace(elements[0].range, with: bytes("\"one\""))
        }
        #expect(out == "[0,0.5,\"one\",2,\"three\"]")
    }

    @Test(
        "remove members with the right commas",
        arguments: [
            (["a"], #"{ "b" : 2 , "c":[3] }"#), (["b"], #"{ "a":1 , "c":[3] }"#),
            (["c"], #"{ "a":1 , "b" : 2 }"#),
            (["a", "b"], #"{ "c":[3] }"#), (["b", "c"], #"{ "a":1 }"#), (["c", "b"], #"{ "a":1 }"#),
            (["a", "c"], #"{ "b" : 2 }"#), (["a", "b", "c"], "{  }"),
            (["d"], #"{ "a":1 , "b" : 2 , "c":[3] }"#),
        ])
    func removal(_ keys: [String], _ expected: String) throws {
        let out = try edit(#"{ "a":1 , "b" : 2 , "c":[3] }"#) { splice, view in
            for key in keys { splice.removeMember(of: view, key: key) }
        }
        #expect(out == expected)
    }

    @Test("remove every member with the key, escaped or not")
    func removeAll() throws {
        let out = try edit(#"{"a":1,"\u0061":2,"b":3,"a":4}"#) { splice, view in
            splice.removeMember(of: view, key: "a")
        }
        #expect(out == #"{"b":3}"#)
    }

    @Test("insert members before the first, with a comma only where one is needed")
    func insertion() throws {
        let one = bytes("1")
        #expect(try edit("{}") { $0.insertMember(key: "x", value: one, into: $1) } == "{\"x\":1}")
        #expect(
            try edit("{ \"a\":2}") { $0.insertMember(key: "x", value: one, into: $1) } == "{\"x\":1, \"a\":2}"
        )
        let both = try edit("{\"a\":2}") { splice, view in
            splice.insertMember(key: "x", value: one, into: view)
            splice.insertMember(key: "y", value: one, into: view)
            splice.removeMember(of: view, key: "a")
        }
        #expect(both == "{\"x\":1,\"y\":1}")
    }

    @Test("do nothing to a value that is no object")
    func noObject() throws {
        let out = try edit("[1]") { splice, view in
            splice.removeMember(of: view, key: "a")
            splice.insertMember(key: "a", value: bytes("1"), into: view)
        }
        #expect(out == "[1]")
    }

    @Test("leave a message valid for any set of removals and insertions", arguments: [31, 32] as [UInt64])
    func random(seed: UInt64) throws {
        var generator = RandomJSON(random: SeededGenerator(seed: seed))
        for round in 0..<500 {
            let members = (0..<Int.random(in: 0...6, using: &generator.random)).map {
                ("k\($0)", generator.value(2))
            }
            let message = "{" + members.map { " \"\($0)\" : \($1) " }.joined(separator: ",") + "}"
            let removed = members.map(\.0).filter { _ in generator.random.chance(50) }.shuffled(
                using: &generator.random)
            let inserts = generator.random.chance(50)
            let out = try edit(message) { splice, view in
                for key in removed { splice.removeMember(of: view, key: key) }
                if inserts { splice.insertMember(key: "new", value: bytes("{}"), into: view) }
            }
            let expected = (inserts ? ["new"] : []) + members.map(\.0).filter { !removed.contains($0) }
            let view = try JSONView(validating: bytes(out))
            #expect(view.members.map(\.key) == expected, "seed \(seed) round \(round)")
            for (key, value) in members where !removed.contains(key) {
                #expect(view.member(key).map { text($0.raw) } == value, "seed \(seed) round \(round)")
            }
        }
    }
}
