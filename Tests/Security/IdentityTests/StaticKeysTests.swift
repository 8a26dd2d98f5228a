import Identifiers
import Sessions
import Testing

@testable import Identity

@Suite("Static keys") struct StaticKeysTests {
    @Test("A key is known by its hash, under its principal, and no other is") func known() {
        let keys = (0..<50).map { _ in AccessKey() }
        let table = StaticKeys(
            keys.enumerated().map { (hash: $1.hash, principal: Principal("p\($0)")) })
        for (index, key) in keys.enumerated() {
            #expect(
                table.authenticate(authorization: "Bearer \(key.text)") == .known(Principal("p\(index)")))
            #expect(
                table.authenticate(authorization: "bearer  \(key.text)") == .known(Principal("p\(index)")))
            #expect(table.authenticate(authorization: "Bearer \(key.text)A") == .invalid)
            #expect(table.authenticate(authorization: "Bearer \(key.text.dropLast())") == .invalid)
            #expect(table.authenticate(authorization: "Bearer \(key.hash.text)") == .invalid)
        }
    }

    @Test("What is no bearer token is a missing one, and an endless one is refused") func others() {
        let key = AccessKey()
        let table = StaticKeys([(hash: key.hash, principal: Principal("a"))])
        for text in [nil, "", "Bearer", "Basic \(key.text)", key.text, "BearerX\(key.text)"] {
            #expect(table.authenticate(authorization: text) == .missing)
        }
        #expect(table.authenticate(authorization: "Bearer   ") == .invalid)
        #expect(
            table.authenticate(authorization: "Bearer " + String(repeating: "a", count: 100_000)) == .invalid)
        #expect(StaticKeys([]).authenticate(authorization: "Bearer \(key.text)") == .invalid)
    }

    @Test("A hash is read as it is written, and nothing else is one") func hashText() throws {
        let hash = AccessKey("test").hash
        #expect(
            hash.text == "sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08")
        #expect(try #require(KeyHash(hash.text)).equals(hash))
        #expect(try #require(KeyHash("sha256:" + hash.text.dropFirst(7).uppercased())).equals(hash))
        for wrong in ["", "sha256:", "sha256:00", String(hash.text.dropLast()), hash.text + "00", "md5:00"] {
            #expect(KeyHash(wrong) == nil)
        }
    }

    @Test("Fresh keys differ, and are known by their prefix") func fresh() {
        let texts = Set((0..<100).map { _ in AccessKey().text })
        #expect(texts.count == 100)
        #expect(texts.allSatisfy { $0.hasPrefix("attune_") && $0.utf8.count == 50 })
    }
}
