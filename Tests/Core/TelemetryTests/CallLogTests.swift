import Identifiers
import Telemetry
import Testing

@Suite("The call log")
struct CallLogTests {
    @Test("The newest calls come first, whichever loop they ran on")
    func order() {
        let log = CallLog(loops: 3)
        for number: UInt64 in 0..<30 {
            log.append(sampleCall(number, start: 1000 + number * 10, duration: 1), loop: Int(number % 3))
        }
        let page = log.page(limit: 100)
        #expect(page.calls.map(\.callID.rawValue) == (0..<30).reversed())
        #expect(page.next == nil)
    }

    @Test("Only the last calls are kept")
    func bounded() {
        let log = CallLog(loops: 1, capacity: 100)
        for number: UInt64 in 0..<1050 { log.append(sampleCall(number, start: number), loop: 0) }
        let page = log.page(limit: 1000)
        #expect(page.calls.map(\.callID.rawValue) == (950..<1050).reversed())
        #expect(log.call(CallID(1000)) != nil)
        #expect(log.call(CallID(100)) == nil)
    }

    @Test("Pages show every call once, also while new ones arrive")
    func pages() throws {
        let log = CallLog(loops: 2)
        for number: UInt64 in 0..<1000 {
            log.append(sampleCall(number, start: number * 10, duration: 1), loop: Int(number % 2))
        }
        var seen: [UInt64] = []
        var cursor: CallCursor?
        var arriving: UInt64 = 5000
        repeat {
            let page = log.page(limit: 77, after: cursor)
            seen += page.calls.map(\.callID.rawValue)
            log.append(sampleCall(arriving, start: arriving * 10), loop: 0)
            arriving += 1
            cursor = try page.next.map { try #require(CallCursor(text: $0.text)) }
        } while cursor != nil
        #expect(seen == (0..<1000).reversed())
    }

    @Test("A filter finds what is rare in a long log")
    func filter() {
        let log = CallLog(loops: 2)
        for number: UInt64 in 0..<2000 {
            let isRare = number % 500 == 3
            log.append(
                sampleCall(
                    number, server: isRare ? "rare" : "git", outcome: isRare ? .timeout : .ok, start: number),
                loop: Int(number % 2))
        }
        #expect(
            log.page(CallFilter(server: "rare"), limit: 100).calls.map(\.callID.rawValue) == [
                1503, 1003, 503, 3,
            ])
        #expect(log.page(CallFilter(outcome: .timeout), limit: 2).calls.count == 2)
        #expect(log.page(CallFilter(tool: "none"), limit: 2).calls.isEmpty)
    }

    @Test(
        "A cursor that the log did not give is refused or harmless", arguments: ["", "x!", "-1", "+1", "1-"])
    func badCursor(text: String) {
        #expect(CallCursor(text: text) == nil)
        let log = CallLog(loops: 1)
        log.append(sampleCall(1), loop: 0)
        #expect(log.page(limit: 1, after: CallCursor(text: "zzzz-zzzz")).calls.count == 1)
        #expect(log.page(limit: 1, after: CallCursor(text: "3w5e11264sgsf")).calls.count == 1)
    }
}
