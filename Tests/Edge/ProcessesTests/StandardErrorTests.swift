import Processes
import Synchronization
import Testing

@Suite("Standard error", .timeLimit(.minutes(1)))
struct StandardErrorTests {
    let scratch: Scratch

    init() throws {
        scratch = try Scratch()
    }

    @Test("lines are joined across chunks, and the unfinished last one counts")
    func chunks() {
        var tail = StandardErrorTail()
        #expect(tail.append(Array("one\r\nt".utf8)) == ["one"])
        #expect(tail.append(Array("wo\n\nthr".utf8)) == ["two"])
        #expect(tail.lines == ["one", "two", "thr"])
    }

    @Test("only the last 50 lines are kept, however they come", arguments: [1, 7, 4096, 1 << 20])
    func bounded(_ chunkBytes: Int) {
        let bytes = Array((0..<1000).map { "line \($0)\n" }.joined().utf8) + Array("rest".utf8)
        var tail = StandardErrorTail()
        var completed = 0
        for start in stride(from: 0, to: bytes.count, by: chunkBytes) {
            completed += tail.append(Array(bytes[start..<min(start + chunkBytes, bytes.count)])).count
        }
        #expect(completed == 1000)
        #expect(tail.lines == (951..<1000).map { "line \($0)" } + ["rest"])
    }

    @Test("a line is cut at 4 KiB, even if every byte of it must be repaired")
    func longLines() {
        var tail = StandardErrorTail()
        _ = tail.append([UInt8](repeating: UInt8(ascii: "x"), count: 1 << 20) + [UInt8(ascii: "\n")])
        _ = tail.append([UInt8](repeating: 0xFF, count: 1 << 20))
        #expect(tail.lines[0].utf8.count == 4096)
        #expect(tail.lines[1].utf8.count <= 4096)
        #expect(tail.lines[1].unicodeScalars.allSatisfy { $0 == "\u{FFFD}" })
    }

    @Test("what could steer a terminal is taken out")
    func controls() {
        var tail = StandardErrorTail()
        _ = tail.append(Array("\u{1B}[31;1mred\u{1B}[0m\u{7}\ta\u{1B}]b\u{9B}c\u{0}\n".utf8))
        #expect(tail.lines == ["red\tabc"])
    }

    @Test("10 MB of it are drained without stopping the process, and its last lines are kept")
    func spam() async throws {
        let script = """
            import sys
            line = b'x' * 99 + b'\\n'
            for i in range(100000): sys.stderr.buffer.write(line)
            sys.stderr.buffer.write(b'last \\xff line\\n')
            sys.stderr.buffer.write(b'unfinished')
            """
        let count = Mutex(0)
        let peer = try await Peer(
            scratch.python(script), onStandardErrorLine: { _ in count.withLock { $0 += 1 } })
        #expect(await peer.process.exited() == .exited(code: 0))
        let lines = peer.process.standardErrorTail
        #expect(lines.count == 50)
        #expect(lines.suffix(2) == ["last \u{FFFD} line", "unfinished"])
        #expect(count.withLock { $0 } == 100_001)
    }

    @Test("a process that closes it runs on, and its end is still noticed")
    func closed() async throws {
        let peer = try await Peer(.shell("exec 2>&-; cat; exit 4"))
        try peer.write("still here\n")
        #expect(await peer.readLine() == "still here")
        peer.closeInput()
        #expect(await peer.process.exited() == .exited(code: 4))
    }

    @Test("a helper that left the group and floods it cannot hold up the report of the end")
    func flood() async throws {
        let script = """
            import os, sys, time
            if os.fork() == 0:
                os.setsid()
                end = time.time() + 20
                try:
                    while time.time() < end: os.write(2, b'y' * 4096 + b'\\n')
                except OSError: pass
                os._exit(0)
            time.sleep(0.2)
            """
        let peer = try await Peer(scratch.python(script))
        #expect(await peer.process.exited() == .exited(code: 0))
    }
}
