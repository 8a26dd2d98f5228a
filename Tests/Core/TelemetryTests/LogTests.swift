import Foundation
import Identifiers
import Telemetry
import Testing

@Suite("Log lines")
struct LogTests {
    @Test("A JSON line holds the time, the level, the component, the call and the fields, in that order")
    func jsonLine() {
        let line = LogLine(
            microseconds: 1_795_395_723_456_789, level: .warn, component: "forwarding", server: "git",
            call: CallID(0xAB), message: "slow", fields: ["duration_us": 12, "ok": true, "share": 0.5])
        #expect(
            text(line.rendered(.json))
                == #"{"ts":"2026-11-23T01:02:03.456789Z","level":"warn","component":"forwarding","#
                + #""server":"git","call_id":"00000000000000ab","message":"slow","duration_us":12,"#
                + #""ok":true,"share":0.5}"# + "\n")
    }

    @Test("A text line reads well and quotes strings")
    func textLine() {
        let line = LogLine(
            microseconds: 0, level: .info, component: "assembly", message: "ready", fields: ["url": "a b"])
        #expect(
            text(line.rendered(.text)) == "1970-01-01T00:00:00.000000Z INFO  assembly: ready url=\"a b\"\n")
    }

    @Test("Quotes, line ends, control characters and terminal escapes cannot break out of a line")
    func escaping() {
        let hostile = "a\"b\\c\nd\u{1B}[31m\u{0}\u{7F}\u{9B}é"
        for format in LogFormat.allCases {
            let line = LogLine(microseconds: 0, level: .info, component: "x", message: hostile)
            let rendered = text(line.rendered(format))
            #expect(rendered.contains(#"a\"b\\c\nd\u001b[31m\u0000\u007f\u009bé"#))
            #expect(rendered.filter { $0 == "\n" }.count == 1)
        }
    }

    @Test("A long text is cut at a character's start")
    func cut() {
        let line = LogLine(
            microseconds: 0, level: .info, component: "x",
            message: String(repeating: "é", count: LogLine.longestText))
        let rendered = line.rendered(.json)
        #expect(rendered.count < LogLine.longestText + 200)
        #expect(text(rendered).contains("é...\""))
    }

    @Test(
        "The value of a field named like a credential is never written",
        arguments: ["Authorization", "api_key", "access_token", "password", "set-cookie", "client_secret"])
    func secrets(name: String) {
        #expect(LogLine.isSecret(name))
        #expect(!LogLine.isSecret("tool"))
    }

    @Test("A disabled level builds neither its message nor its fields")
    func disabled() throws {
        let log = Log(
            sink: try LogSink(destination: .standardError, level: .error, format: .json), component: "x")
        var built = 0
        func touch() -> String {
            built += 1
            return "x"
        }
        log.debug(touch(), ["field": .string(touch())])
        log.warn(touch())
        #expect(built == 0)
        #expect(log.isEnabled(.error))
        log.sink.setLevel(.trace)
        #expect(log.isEnabled(.trace))
        #expect(!Log.none.isEnabled(.error))
    }

    @Test("A log file is appended to, and opened anew after it was rotated")
    func rotation() throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "attune-log-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let current = folder.appending(path: "log")
        let rotated = folder.appending(path: "log.1")
        let sink = try LogSink(destination: .file(current.path), level: .info, format: .text)
        let log = Log(sink: sink, component: "x")
        log.info("first")
        try FileManager.default.moveItem(at: current, to: rotated)
        log.info("second")
        try sink.reopen()
        log.info("third")
        #expect(try String(contentsOf: rotated, encoding: .utf8).split(separator: "\n").count == 2)
        #expect(try String(contentsOf: current, encoding: .utf8).contains("third"))
    }

    @Test("A log file in a folder that is not there is refused with its path")
    func missingFolder() {
        #expect(throws: LogSink.Failure.cannotOpen(path: "/nowhere/at/all.log", errno: ENOENT)) {
            try LogSink(destination: .file("/nowhere/at/all.log"), level: .info, format: .json)
        }
    }

    #if os(Linux)
        @Test("A reader that stalls costs lines, which are counted, and never blocks the writer")
        func stalledReader() throws {
            let pipe = Pipe()
            let path = "/proc/self/fd/\(pipe.fileHandleForWriting.fileDescriptor)"
            let sink = try LogSink(destination: .file(path), level: .info, format: .text)
            let log = Log(sink: sink, component: "x")
            let long = String(repeating: "y", count: 4000)
            for _ in 0..<200 { log.info(long) }
            #expect(sink.dropped > 0)
            var seen = ""
            for _ in 0..<200 where !seen.contains("lines were dropped") {
                seen += String(decoding: pipe.fileHandleForReading.availableData, as: UTF8.self)
                log.info("back")
            }
            #expect(seen.contains("lines were dropped because nobody read them count="))
            #expect(sink.dropped == 0)
        }
    #endif
}
