import Sessions
import Testing

@Suite("Trace parents") struct TraceParentTests {
    static let traceID = "4bf92f3577b34da6a3ce929d0e0e4736"

    static func parse(_ text: String) throws -> TraceParent? { TraceParent(try view("\"\(text)\"")) }

    @Test("a valid parent goes on under another span") func valid() throws {
        let parent = try #require(try Self.parse("00-\(Self.traceID)-00f067aa0ba902b7-01"))
        #expect(parent.traceID == Self.traceID)
        #expect(text(parent.continued(span: 0xAB)) == "\"00-\(Self.traceID)-00000000000000ab-01\"")
        #expect(text(parent.continued(span: .max)) == "\"00-\(Self.traceID)-ffffffffffffffff-01\"")
    }

    @Test("a later version is read as far as it is known, and goes on as this one") func later() throws {
        let parent = try #require(try Self.parse("cc-\(Self.traceID)-00f067aa0ba902b7-01-what"))
        #expect(text(parent.continued(span: 1)) == "\"00-\(Self.traceID)-0000000000000001-01\"")
    }

    @Test(
        "anything else is no parent",
        arguments: [
            "", "00", "ff-\(traceID)-00f067aa0ba902b7-01", "00-\(traceID)-0000000000000000-01",
            "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
            "00-\(traceID)-00f067aa0ba902b7-01-more", "cc-\(traceID)-00f067aa0ba902b7-01x",
            "00-\(traceID.uppercased())-00f067aa0ba902b7-01", "00_\(traceID)-00f067aa0ba902b7-01",
            "00-\(traceID)-00f067aa0ba902b7-0g",
        ])
    func invalid(text: String) throws {
        #expect(try Self.parse(text) == nil)
    }

    @Test("a value that is no string is no parent") func kinds() throws {
        for value in ["7", "null", "{}", "[\"00-\(Self.traceID)-00f067aa0ba902b7-01\"]"] {
            #expect(TraceParent(try view(value)) == nil)
        }
    }
}
