import Foundation
import Testing

@testable import Storage

@Suite("Failpoints") struct FailpointTests {
    @Test("are listed in docs/faults.md, each with what the table says of it") func documented() throws {
        let root = URL(filePath: #filePath).resolvingSymlinksInPath()
            .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let page = try String(contentsOf: root.appending(path: "docs/faults.md"), encoding: .utf8)
        let rows = page.split(separator: "\n").filter { $0.hasPrefix("| `") }.map(String.init)
        let expected = Failpoint.allCases.map { point in
            let actions = point.canFail ? "kill, error, nospace, delay" : "kill, delay"
            return "| `\(point.rawValue)` | \(point.moment) | \(point.place.rawValue) | \(actions) |"
        }
        #expect(rows == expected, "rows of the table:\n\(expected.joined(separator: "\n"))")
    }

    @Test("are off until they are armed") func off() throws {
        #expect(!FailpointPlan.isAnyArmed)
        try Failpoint.storeWriting.reach()
        Failpoint.storeWritten.pass()
    }

    @Test("are named with what is to happen and when") func plan() throws {
        for text in [
            "store.writing=kill", "store.writing:3=error,journal.read=nospace", "store.written=delay",
            "store.written=delay(0)", "store.opening=delay(60000)",
        ] { _ = try FailpointPlan(text) }
    }

    @Test(
        "tell what is wrong with how they are named",
        arguments: [
            ("store.sinking=kill", FailpointError.unknown("store.sinking")),
            ("store.writing=sink", .unknownAction("sink")),
            ("store.writing=delay(60001)", .unknownAction("delay(60001)")),
            ("store.written=error", .cannotFail(.storeWritten)),
            ("store.writing", .malformed("store.writing")),
            ("store.writing:0=kill", .malformed("store.writing:0=kill")),
            ("store.writing:x=kill", .malformed("store.writing:x=kill")),
            ("store.writing:1:2=kill", .malformed("store.writing:1:2=kill")),
            ("store.writing=kill=kill", .malformed("store.writing=kill=kill")),
            ("store.writing=kill,", .malformed("")),
            (String(repeating: "store.writing=kill,", count: 99), .tooMany(100, limit: 64)),
        ])
    func refused(_ text: String, _ error: FailpointError) {
        #expect(throws: error) { _ = try FailpointPlan(text) }
    }
}
