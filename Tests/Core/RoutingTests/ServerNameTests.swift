import Testing

@testable import Routing

struct ServerNameTests {
    @Test(
        "Lower-case letters, digits and inner hyphens make a server name",
        arguments: ["a", "0", "git-2", "a--", "time"])
    func valid(name: String) {
        #expect(ServerName.check(name) == nil)
    }

    @Test(
        "What could blur a prefix is refused with its place",
        arguments: [
            ("", ServerName.Rejection.empty), ("-a", .character(offset: 0)), ("a_b", .character(offset: 1)),
            ("Git", .character(offset: 0)), ("a+b", .character(offset: 1)), ("gité", .character(offset: 3)),
            ("attune", .reserved), ("abcdefghijklmnopqrstuvwxy", .tooLong(bytes: 25)),
        ])
    func refused(_ row: (String, ServerName.Rejection)) {
        #expect(ServerName.check(row.0) == row.1)
    }
}
