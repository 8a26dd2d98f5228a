import Learners
import Testing

@Suite("Words and runs of letters") struct TextFeaturesTests {
    private static func words(_ text: String) -> [UInt64] { TextFeatures(Array(text.utf8)).words.map(\.hash) }

    @Test(
        "Forms of one word are one word",
        arguments: [
            ("images", "image"), ("searching", "search"), ("shopping", "shop"), ("queries", "query"),
            ("created", "create"), ("maps", "map"), ("GetUserName", "get user name"),
            ("list_files", "Files list"),
            ("what is the time", "time"),
        ])
    func forms(_ a: String, _ b: String) { #expect(Self.words(a) == Self.words(b)) }

    @Test("Characters that are not ASCII are words of their own") func chinese() {
        #expect(Self.words("热榜").count == 2)
        #expect(Set(Self.words("热榜")).intersection(Self.words("榜单")).count == 1)
    }

    @Test("Words that share letters share runs") func runs() {
        let (a, b) = (TextFeatures(Array("screenshot".utf8)), TextFeatures(Array("screenshots".utf8)))
        #expect(Set(a.runs.map(\.hash)).intersection(b.runs.map(\.hash)).count == 8)
    }

    @Test(
        "Whatever the bytes are, there are features or none", arguments: [0xFF, 0xC3, 0x80, 0x41] as [UInt8])
    func bytes(byte: UInt8) {
        #expect(TextFeatures([byte]).words.count <= 1)
        #expect(TextFeatures([UInt8](repeating: byte, count: 10_000)).runs.count <= 4096)
    }
}
