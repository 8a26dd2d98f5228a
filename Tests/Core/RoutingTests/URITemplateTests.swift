import Testing

@testable import Routing

struct URITemplateTests {
    @Test(
        "A simple variable stays within one path segment, any other expression does not",
        arguments: [
            ("file:///{path}", "file:///a", true), ("file:///{path}", "file:///a/b", false),
            ("file:///{+path}", "file:///a/b?c#d", true), ("db://{t}/rows/{id}", "db://users/rows/7", true),
            ("db://{t}/rows/{id}", "db://users/columns/7", false), ("x://a{?q}", "x://a?q=1", true),
            ("x://a", "x://a", true), ("x://a", "x://ab", false), ("{+u}", "anything://at/all", true),
            ("x://{a}é{b}", "x://1é2", true), ("x://{name}.md", "x://a.b.md", true),
        ])
    func matching(_ row: (String, String, Bool)) throws {
        let template = try #require(URITemplate(row.0))
        #expect(template.matches([UInt8](row.1.utf8).span) == row.2)
    }

    @Test("A template with a lone brace, or of excessive length, is none", arguments: ["{a", "a}", "{a{b}}"])
    func malformed(text: String) {
        #expect(URITemplate(text) == nil)
        #expect(URITemplate(String(repeating: "a", count: URITemplate.maxBytes + 1)) == nil)
    }
}
