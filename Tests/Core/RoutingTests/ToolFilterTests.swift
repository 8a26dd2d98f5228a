import Testing

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
}
