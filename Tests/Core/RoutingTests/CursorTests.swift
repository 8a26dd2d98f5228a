import TestSupport
import Testing

@testable import Routing

struct CursorTests {
    @Test("A cursor's text reads back to the same cursor", arguments: [21, 22] as [UInt64])
    func roundTrip(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        for kind in ListKind.allCases {
            let cursor = Cursor(
                generation: random.next(), view: UInt32.random(in: 0 ... .max, using: &random), kind: kind,
                offset: UInt32.random(in: 0 ... .max, using: &random))
            #expect(Cursor(text: cursor.text) == cursor, "seed \(seed)")
            #expect(cursor.text.utf8.count == 24)
        }
    }

    @Test(
        "Text that no cursor gave is refused",
        arguments: [
            "", "0", "AAAAAAAAAAAAAAAAAAAAAAA", "AAAAAAAAAAAAAAAAAAAAAAA=", "AAAAAAAAAAAAAAAAAAAAAAAA", "é",
        ])
    func refused(text: String) {
        #expect(Cursor(text: text) == nil)
    }
}
