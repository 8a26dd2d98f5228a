import Foundation
import Routing
import Telemetry
import Testing

@testable import Forwarding

/// What the log says of servers.
@Suite struct WarningTests {
    @Test("Tools that are left out for their annotations are named once, and again when they have changed")
    func leftOut() throws {
        let file = FileManager.default.temporaryDirectory.appending(path: "attune-log-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: file) }
        let sink = try LogSink(destination: .file(file.path), level: .info, format: .json)
        func warned() throws -> [String] {
            try String(contentsOf: file, encoding: .utf8).split(separator: "\n")
                .map { JSON.object(Array($0.utf8)) }
                .filter { $0["message"] as? String == "list items were left out" }
                .map { $0["tools"] as? String ?? "\($0)" }
        }
        let server = ScriptedServer("s", .modern, .http)
        server.tools = ["first", "second", "good"]
        func spoil(_ names: [String]) {
            for name in names {
                server.schemas[name] = ["properties": ["a": ["type": "number", "x-mcp-header": "A"]]]
            }
        }
        spoil(["first"])
        let rig = Rig([server], log: Log(sink: sink, component: "test")).started()
        func announce() {
            server.announce()
            rig.world.run(milliseconds: 2_000)
        }
        #expect(try warned() == ["first"])
        for _ in 0..<3 { announce() }
        server.tools.append("better")
        announce()
        #expect(try warned() == ["first"])
        spoil(["second"])
        announce()
        announce()
        #expect(try warned() == ["first", "first second"])
        server.schemas = [:]
        announce()
        spoil(["second"])
        announce()
        #expect(try warned() == ["first", "first second", "second"])
        #expect(rig.shutDown() == [])
    }
}
