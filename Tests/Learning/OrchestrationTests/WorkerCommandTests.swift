import Orchestration
import TestSupport
import Testing

@Suite("Commands of workers") struct WorkerCommandTests {
    static func write(_ key: String, _ value: [UInt8]) -> [UInt8] {
        let key = Array(key.utf8)
        return [UInt8(key.count & 255), UInt8(key.count >> 8)] + key + value
    }

    @Test("A prediction is kept under its task and subject") func prediction() throws {
        let json = Array(#"{"task":"latency","subject":"git/log","value":1.5,"ttl_s":60}"#.utf8)
        guard case .prediction(let prediction)? = WorkerCommand(kind: 2, body: json) else {
            Issue.record("no prediction")
            return
        }
        #expect(prediction.key == Array("prediction/latency/git/log".utf8))
        #expect(prediction.json == json)
        #expect(prediction.lifetime == .seconds(60))
        #expect(LearnerKeys.names(try #require(prediction.key), behind: "prediction/")?.second == "git/log")
    }

    @Test(
        "What is no prediction is refused",
        arguments: [
            "", "[]", "{}", #"{"task":"a","subject":"b"}"#, #"{"task":"","subject":"b","value":1}"#,
            #"{"task":"a/b","subject":"b","value":1}"#, #"{"task":"a","subject":"\n","value":1}"#,
            #"{"task":1,"subject":"b","value":1}"#, #"{"task":"a","subject":"b","value":1,"ttl_s":-1}"#,
            #"{"task":"a","subject":"b","value":1,}"#,
        ])
    func noPrediction(text: String) {
        #expect(WorkerCommand(kind: 2, body: Array(text.utf8)) == nil)
    }

    @Test("A prediction over 4 KiB is refused") func large() {
        let json = #"{"task":"a","subject":"b","value":""# + String(repeating: "x", count: 4096) + "\"}"
        #expect(WorkerCommand(kind: 2, body: Array(json.utf8)) == nil)
    }

    @Test("Writes and deletions change the state table") func changes() {
        #expect(
            WorkerCommand(kind: 3, body: Self.write("mine/k", [1, 2]))
                == .change(.put(key: Array("mine/k".utf8), value: [1, 2], lifetime: nil)))
        #expect(WorkerCommand(kind: 4, body: Array("k".utf8)) == .change(.delete(key: Array("k".utf8))))
    }

    @Test(
        "The learner's own keys are not for others", arguments: ["stat/a/b", "prediction/a/b", "learner/x"])
    func reserved(key: String) {
        #expect(WorkerCommand(kind: 3, body: Self.write(key, [1])) == nil)
        #expect(WorkerCommand(kind: 4, body: Array(key.utf8)) == nil)
    }

    @Test("Keys and values out of bounds are refused") func bounds() {
        #expect(WorkerCommand(kind: 3, body: Self.write(String(repeating: "k", count: 255), [1])) != nil)
        #expect(WorkerCommand(kind: 3, body: Self.write(String(repeating: "k", count: 256), [1])) == nil)
        #expect(WorkerCommand(kind: 3, body: Self.write("", [1])) == nil)
        #expect(WorkerCommand(kind: 3, body: [255, 255, 1]) == nil)
        #expect(WorkerCommand(kind: 3, body: [1]) == nil)
        #expect(WorkerCommand(kind: 3, body: Self.write("k", .init(repeating: 0, count: 65_537))) == nil)
        #expect(WorkerCommand(kind: 4, body: []) == nil)
    }

    @Test("Messages are JSON objects, and other kinds of frames are unknown") func messages() {
        #expect(WorkerCommand(kind: 1, body: Array(#"{"a":1}"#.utf8)) != nil)
        #expect(WorkerCommand(kind: 1, body: Array("[1]".utf8)) == nil)
        for kind in [0, 5, 16, 17, 0xFFFF] as [UInt16] {
            #expect(WorkerCommand(kind: kind, body: Array("{}".utf8)) == nil)
        }
    }

    @Test("Random bytes never stop the program", arguments: 1...300 as ClosedRange<UInt64>)
    func random(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let body = (0..<Int.random(in: 0...200, using: &random)).map { _ in
            UInt8.random(in: 0...255, using: &random)
        }
        for kind in 0...5 as ClosedRange<UInt16> { _ = WorkerCommand(kind: kind, body: body) }
    }
}
