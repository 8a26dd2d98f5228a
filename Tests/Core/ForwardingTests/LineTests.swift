import Testing

@testable import Forwarding

@Suite struct LineTests {
    private func request(_ id: Int, _ method: String, _ params: JSONObject = [:]) -> JSONObject {
        ["jsonrpc": "2.0", "id": id, "method": method, "params": params]
    }

    private func initialize(_ rig: Rig, _ channel: ClientLines) {
        rig.write(request(1, "initialize", ["protocolVersion": "2025-11-25"]), to: channel)
        rig.world.run { channel.response(1) != nil }
        rig.write(["jsonrpc": "2.0", "method": "notifications/initialized"], to: channel)
        rig.world.settle()
    }

    @Test("A legacy client on lines is greeted, served, told of changes, and its process ends with it")
    func legacy() {
        let server = ScriptedServer("s", .legacy, .process)
        let rig = Rig([server]).started()
        let channel = rig.lines()
        initialize(rig, channel)
        rig.write(request(2, "tools/call", ["name": "s__echo", "arguments": ["text": "x"]]), to: channel)
        rig.world.run { channel.response(2) != nil }
        #expect(channel.response(2)?.text == "s: x")
        #expect(server.liveProcesses.count == 2)
        server.tools.append("new")
        server.announce()
        rig.world.run(milliseconds: 2_000)
        #expect(channel.lines.compactMap { $0.method } == ["notifications/tools/list_changed"])
        channel.close()
        rig.world.run(milliseconds: 100)
        #expect(server.liveProcesses.count == 1)
        #expect(rig.shutDown() == [])
    }

    @Test("A modern client on lines is served, listens, and ends its subscription by its id")
    func modern() {
        let server = ScriptedServer("s", .modern, .process)
        let rig = Rig([server]).started()
        let channel = rig.lines()
        rig.write(
            Rig.modernMessage("subscriptions/listen", ["notifications": ["toolsListChanged": true]], id: 4),
            to: channel)
        rig.write(Rig.modernMessage("tools/call", ["name": "s__echo"], id: 5), to: channel)
        rig.world.run { channel.response(5) != nil }
        #expect(channel.lines.first?.method == "notifications/subscriptions/acknowledged")
        func change(_ name: String) {
            server.tools.append(name)
            server.announce()
            rig.world.run(milliseconds: 3_000)
        }
        change("one")
        #expect(channel.lines.compactMap { $0.method }.filter { $0.contains("tools") }.count == 1)
        rig.write(
            Rig.modernMessage("notifications/cancelled", ["requestId": 4], id: 0).filter { $0.key != "id" },
            to: channel)
        change("two")
        #expect(channel.lines.compactMap { $0.method }.filter { $0.contains("tools") }.count == 1)
        channel.close()
        #expect(rig.shutDown() == [])
    }

    @Test("A client that ends its input gets its last answers before the connection closes")
    func inputEnds() {
        let server = ScriptedServer("s", .modern, .process)
        let rig = Rig([server]).started()
        let channel = rig.lines()
        rig.write(Rig.modernMessage("tools/call", ["name": "s__hold"], id: 1), to: channel)
        rig.world.run { !server.held.isEmpty }
        var closesItself = false
        let box = Flag()
        channel.loop.execute { box.isSet = channel.receiver?.inputEnded() ?? false }
        rig.world.run(milliseconds: 8_000)
        closesItself = box.isSet
        #expect(closesItself)
        #expect(!channel.isClosed)
        server.release()
        rig.world.run(milliseconds: 200)
        #expect(channel.response(1)?.text == "held 0")
        #expect(channel.isClosed)
        #expect(rig.shutDown() == [])
    }

    @Test("A client that does not read is not read from, until it reads again")
    func backPressure() {
        let rig = Rig([ScriptedServer("s", .modern, .process)]).started()
        let channel = rig.lines()
        channel.isWritable = false
        rig.write(Rig.modernMessage("tools/call", ["name": "s__echo"], id: 1), to: channel)
        rig.world.run(milliseconds: 50)
        #expect(channel.isPaused)
        channel.isWritable = true
        channel.loop.execute { channel.receiver?.becameWritable() }
        rig.world.run(milliseconds: 50)
        #expect(!channel.isPaused)
        #expect(channel.response(1)?.text == "s: ")
    }

    @Test("What is not JSON, or no JSON-RPC message, is answered so, and the connection goes on")
    func malformed() {
        let rig = Rig([ScriptedServer("s", .modern, .process)]).started()
        let channel = rig.lines()
        channel.loop.execute { channel.receiver?.received(Array("{oops".utf8)) }
        rig.write(["hello": 1], to: channel)
        rig.write(request(3, "ping"), to: channel)
        rig.world.run(milliseconds: 50)
        #expect(channel.lines.map { $0.errorCode } == [-32700, -32600, nil])
    }
}

private final class Flag: @unchecked Sendable {
    // Proof of Sendable: as its world.
    var isSet = false
}
