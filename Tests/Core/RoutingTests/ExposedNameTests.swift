import TestSupport
import Testing

@testable import Routing

struct ExposedNameTests {
    private func assign(_ server: String, _ tools: [String], _ renames: [String: String] = [:]) -> [String?] {
        ExposedName.assign(
            server: server, tools.map { ExposedName.Claim(upstream: $0, rename: renames[$0]) })
    }

    private static let exposable = Set(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-".utf8)

    private func isExposable(_ name: String) -> Bool {
        (1...64).contains(name.utf8.count) && Self.exposable.isSuperset(of: name.utf8)
    }

    @Test("A tool is exposed as server, two underscores, tool")
    func plain() {
        #expect(assign("git", ["log", "git_status"]) == ["git__log", "git__git_status"])
    }

    @Test("Every character outside the pattern becomes one underscore")
    func replaced() {
        #expect(assign("a", ["x.y", "日 z", ""]) == ["a__x_y", "a____z", "a__"])
    }

    @Test("A name of 64 bytes stays, a longer one is cut and ends with eight digits of its hash")
    func cut() throws {
        let fits = String(repeating: "t", count: 61)
        let long = fits + "t"
        #expect(assign("a", [fits]) == ["a__" + fits])
        let name = try #require(assign("a", [long])[0])
        #expect(name.utf8.count == 64)
        #expect(name.hasPrefix("a__tttttttttt"))
        #expect(assign("a", [long + "u"])[0] != name)
    }

    @Test("The hash is FNV-1a over server, zero byte and tool, so names survive new versions")
    func golden() {
        #expect(assign("a", ["x.y", "x/y"]) == ["a__x_y_0e385349", "a__x_y_0e390dd4"])
    }

    @Test("Where replaced names meet, the name that needed no replacement keeps the plain one")
    func unchangedWins() {
        let names = assign("a", ["x.y", "x_y", "x/y"])
        #expect(names[1] == "a__x_y")
        #expect(names[0]?.hasPrefix("a__x_y_") == true)
        #expect(Set(names).count == 3)
    }

    @Test("The operator's new name wins over a tool that is called so")
    func renameWins() {
        let names = assign("a", ["log", "show"], ["show": "log"])
        #expect(names[1] == "a__log")
        #expect(names[0]?.hasPrefix("a__log_") == true)
    }

    @Test("Two tools renamed to one name both get the hash")
    func renameTie() {
        let names = assign("a", ["x", "y"], ["x": "z", "y": "z"])
        #expect(Set(names).count == 2)
        #expect(names.allSatisfy { $0?.hasPrefix("a__z_") == true })
    }

    @Test("A tool that is called like another's hashed name does not displace it")
    func hashSquatting() throws {
        let hashed = try #require(assign("a", ["x.y", "x/y"])[0])
        let squatter = String(hashed.dropFirst(3))
        let names = assign("a", [squatter, "x.y", "x/y"])
        #expect(names[0] == hashed)
        #expect(Set(names).count == 3)
    }

    @Test(
        "Names are unique, match the pattern and do not depend on the order of the list, for 10,000 random tools",
        arguments: [11, 12] as [UInt64])
    func property(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let alphabet: [Character] = [
            "a", "b", "_", "-", ".", "/", "é", "e\u{301}", "日", "🙂", "\0", "\"", " ",
        ]
        var seen = Set<[UInt8]>()
        var tools: [String] = []
        while tools.count < 10_000 {
            let tool = random.text(from: alphabet, length: 0...(random.next() % 9 == 0 ? 90 : 6))
            if seen.insert(Array(tool.utf8)).inserted { tools.append(tool) }
        }
        let names = assign("server-1", tools)
        #expect(names.allSatisfy { $0.map(isExposable) ?? false }, "seed \(seed)")
        #expect(Set(names).count == tools.count, "seed \(seed)")
        let order = tools.indices.shuffled(using: &random)
        let shuffled = assign("server-1", order.map { tools[$0] })
        #expect(order.map { names[$0] } == shuffled, "seed \(seed)")
    }
}
