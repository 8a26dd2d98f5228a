import Sessions
import Testing

@Suite("Media types") struct ContentRulesTests {
    @Test(
        "a POST takes JSON and event streams",
        arguments: [
            "application/json, text/event-stream", "text/event-stream;q=0.5 , Application/JSON", "*/*",
            "application/*, text/*", "text/html, */*;q=0.1",
        ])
    func accepted(accept: String) {
        #expect(ContentRules.refusal(accept: accept, contentType: "application/json") == nil)
    }

    @Test("a client that sends no Accept takes anything") func withoutAccept() {
        #expect(ContentRules.refusal(accept: nil, contentType: "application/json") == nil)
    }

    @Test(
        "a POST that cannot take both kinds of answer is refused with 406",
        arguments: [
            "application/json", "text/event-stream", "", "text/html", "*/*;q=0",
            "application/json, text/event-stream;q=0",
        ]
    )
    func notAcceptable(accept: String) {
        let refusal = ContentRules.refusal(accept: accept, contentType: "application/json")
        #expect(refusal == .notAcceptable)
        #expect(refusal?.httpStatus == 406)
    }

    @Test("a body that is not declared JSON is refused with 415") func unsupported() {
        for type in [nil, "text/plain", "application/jsonx", "application/x-www-form-urlencoded"] {
            let refusal = ContentRules.refusal(accept: "*/*", contentType: type)
            #expect(refusal == .unsupportedMediaType)
            #expect(refusal?.httpStatus == 415)
        }
        #expect(ContentRules.refusal(accept: "*/*", contentType: "Application/JSON ; charset=utf-8") == nil)
    }

    @Test("a GET wants an event stream") func get() {
        #expect(ContentRules.acceptsEventStream("text/event-stream"))
        #expect(ContentRules.acceptsEventStream(nil))
        #expect(!ContentRules.acceptsEventStream("application/json"))
    }
}
