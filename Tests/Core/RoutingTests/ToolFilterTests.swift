import Testing
import Wire

@testable import Routing

struct ToolFilterTests {
    @Test("An empty allow list lets every tool through")
    func empty() {
        #expect(ToolFilter.all.admits("anything"))
        #expect(ToolFilter(deny: ["write_*"]).admits("read_file"))
    }

    @Test("Deny wins over allow")
    func denyWins() {
        let filter = ToolFilter(allow: ["git_*"], deny: ["git_push"])
        #expect(filter.admits("git_log"))
        #expect(!filter.admits("git_push"))
        #expect(!filter.admits("read_file"))
    }

    @Test("A server's own answer loses the refused tools and nothing else")
    func answers() throws {
        let view = try json(
            #"{"id":1,"result":{"n":1.0,"tools":[{"name":"push"}, {"name":"log", "x":1e9},{"name":"p\u0075sh"}]}}"#
        )
        let filter = ToolFilter(deny: ["push"])
        let result = try #require(view["result"])
        #expect(
            String(decoding: filter.apply(to: view.bytes, result: result), as: UTF8.self)
                == #"{"id":1,"result":{"n":1.0,"tools":[{"name":"log", "x":1e9}]}}"#)
        #expect(ToolFilter(deny: ["other"]).apply(to: view.bytes, result: result) == view.bytes)
        #expect(ToolFilter.all.apply(to: view.bytes, result: result) == view.bytes)
    }

    @Test("An answer from which every tool is refused has an empty list")
    func nothingLeft() throws {
        let view = try json(#"{"tools":[{"name":"a"},{"name":"b","name":"c"}]}"#)
        #expect(ToolFilter(allow: ["b"]).apply(to: view.bytes, result: view) == Array(#"{"tools":[]}"#.utf8))
    }
}
