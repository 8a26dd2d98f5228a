import Sessions
import Testing

@Suite("Notifications on their way through") struct NotificationBridgeTests {
    @Test("a progress token is read and restored in its own type") func progress() throws {
        let message = try Message(
            #"""
            {"jsonrpc":"2.0","method":"notifications/progress","params":{"progress":0.5,\#
            "progressToken":7,"total":1}}
            """#
        )
        #expect(NotificationBridge.progressToken(message.bytes, message.frame) == raw("7"))
        #expect(
            NotificationBridge.restoringProgressToken(message.bytes, message.frame, raw(#""a\"b""#)).map {
                text($0)
            }
                == #"""
                {"jsonrpc":"2.0","method":"notifications/progress","params":{"progress":0.5,\#
                "progressToken":"a\"b","total":1}}
                """#
        )
    }

    @Test("a notification without what is asked for gives nothing") func absent() throws {
        let message = try Message(#"{"jsonrpc":"2.0","method":"notifications/progress"}"#)
        #expect(NotificationBridge.progressToken(message.bytes, message.frame) == nil)
        #expect(NotificationBridge.requestID(message.bytes, message.frame) == nil)
        #expect(NotificationBridge.replacingURI(message.bytes, message.frame, raw(#""u""#)) == nil)
    }

    @Test("a cancelled request's id is read and replaced") func cancelled() throws {
        let message = try Message(
            #"{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":"r","reason":"x"}}"#)
        #expect(NotificationBridge.requestID(message.bytes, message.frame) == raw(#""r""#))
        #expect(
            NotificationBridge.replacingRequestID(message.bytes, message.frame, raw("9")).map { text($0) }
                == #"""
                {"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":9,\#
                "reason":"x"}}
                """#
        )
    }

    @Test("a listen stream's notifications carry its id, once") func tagging() throws {
        for text in [
            #"{"jsonrpc":"2.0","method":"notifications/tools/list_changed"}"#,
            #"{"jsonrpc":"2.0","method":"notifications/tools/list_changed","params":{}}"#,
            #"""
            {"jsonrpc":"2.0","method":"notifications/tools/list_changed","params":{"_meta":{\#
            "io.modelcontextprotocol/subscriptionId":3,"x":1}}}
            """#,
        ] {
            let message = try Message(text)
            let tagged = try Message(
                SessionsTests.text(
                    NotificationBridge.tagged(message.bytes, message.frame, subscriptionID: raw(#""l""#))))
            #expect(tagged.method == .toolsListChanged)
            #expect(
                try view(SessionsTests.text(tagged.bytes))["params"]?["_meta"]?
                    .member("io.modelcontextprotocol/subscriptionId")?.string == "l")
        }
    }

    @Test("a legacy client sees no tag") func untagging() throws {
        let message = try Message(
            #"""
            {"jsonrpc":"2.0","method":"notifications/resources/updated","params":{"uri":"u",\#
            "_meta":{"io.modelcontextprotocol/subscriptionId":3}}}
            """#
        )
        #expect(
            text(NotificationBridge.untagged(message.bytes, message.frame))
                == #"{"jsonrpc":"2.0","method":"notifications/resources/updated","params":{"uri":"u"}}"#)
    }

    @Test("log messages are compared by severity") func logLevels() throws {
        let message = try Message(
            #"{"jsonrpc":"2.0","method":"notifications/message","params":{"level":"warning","data":1}}"#)
        #expect(NotificationBridge.logLevel(message.bytes, message.frame) == .warning)
        #expect(LogLevel.allCases == LogLevel.allCases.sorted())
        #expect(LogLevel("Warning") == nil)
    }

    @Test("a message on several lines fits on one") func singleLine() {
        #expect(text(SingleLine.flattened(raw("{\r\n \"a\" : 1\n}"))) == "{   \"a\" : 1 }")
        #expect(text(SingleLine.flattened(raw(#"{"a":"\n"}"#))) == #"{"a":"\n"}"#)
    }
}
