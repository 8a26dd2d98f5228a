import Testing

@testable import Routing

struct NameTableTests {
    @Test("Every name is found at its position and no other name is")
    func finds() {
        let names = (0..<5_000).map { "server__tool-\($0)" }
        let table = NameTable(names)
        for (index, name) in names.enumerated() { #expect(table.find(name) == index) }
        #expect(table.find("server__tool-5000") == nil)
        #expect(table.find("") == nil)
    }

    @Test("An empty table finds nothing, and of equal names the first counts")
    func edges() {
        #expect(NameTable([]).find("a") == nil)
        #expect(NameTable(["", "a", "a"]).find("a") == 1)
        #expect(NameTable(["", "a", "a"]).find("") == 0)
    }
}
