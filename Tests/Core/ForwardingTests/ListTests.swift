import Routing
import Testing

@testable import Forwarding

@Suite struct ListTests {
    private func tools(_ rig: Rig, loop: Int = 0) -> [String] {
        let exchange = rig.modern("tools/list", loop: loop)
        rig.world.run { exchange.isOver }
        return exchange.response?.names("tools") ?? []
    }

    @Test("A list is gathered over all pages once, and served from then on")
    func once() {
        let server = ScriptedServer("s", .legacy, .process)
        let rig = Rig([server], loops: 3).started()
        let before = server.count("tools/list")
        #expect(before == 2)
        for loop in 0..<3 { #expect(tools(rig, loop: loop).count == 6) }
        #expect(server.count("tools/list") == before)
    }

    @Test("A server that lists slowly holds a list up for a while only, and its items come later")
    func slow() {
        let (fast, slow) = (ScriptedServer("fast", .modern, .process), ScriptedServer("slow", .modern, .http))
        let rig = Rig([fast, slow])
        slow.isSilent = true
        let list = rig.modern("tools/list")
        rig.world.run(milliseconds: 7_900)
        #expect(!list.isOver)
        rig.world.run(milliseconds: 200)
        #expect(list.response?.names("tools").count == 6)
        slow.isSilent = false
        rig.world.run(milliseconds: 20_000)
        #expect(tools(rig).count == 12)
    }

    @Test(
        "Announced changes are asked for and passed on once, however many come within a moment",
        arguments: [true, false], [true, false])
    func changes(modern: Bool, http: Bool) {
        let server = ScriptedServer("s", modern ? .modern : .legacy, http ? .http : .process)
        let rig = Rig([server], loops: 3).started()
        let client = rig.session()
        let stream = client.stream(loop: 1)
        let listener = rig.modern(
            "subscriptions/listen", ["notifications": ["toolsListChanged": true]], id: "L", loop: 2)
        rig.world.run(milliseconds: 50)
        let before = server.count("tools/list")
        server.tools.append("new")
        for _ in 0..<5 {
            if modern, !http {
                for process in server.liveProcesses {
                    process.say(ScriptedServer.notification("notifications/tools/list_changed"))
                }
            } else {
                server.announce()
            }
            rig.world.run(milliseconds: 5)
        }
        rig.world.run(milliseconds: 4_000)
        #expect(stream.events.compactMap { $0.method } == ["notifications/tools/list_changed"])
        #expect(
            listener.events.compactMap(\.method) == [
                "notifications/subscriptions/acknowledged", "notifications/tools/list_changed",
            ])
        let tag = listener.events.last?[path: "params", "_meta", "io.modelcontextprotocol/subscriptionId"]
        #expect(tag as? String == "L")
        #expect(server.count("tools/list") - before <= 6)
        #expect(tools(rig).contains("s__new"))
        #expect(rig.shutDown() == [])
    }

    @Test("A listener hears only of what it asked for")
    func filter() {
        let server = ScriptedServer("s", .modern, .http)
        let rig = Rig([server]).started()
        let listener = rig.modern("subscriptions/listen", ["notifications": ["promptsListChanged": true]])
        rig.world.run(milliseconds: 50)
        server.tools.append("new")
        server.announce()
        rig.world.run(milliseconds: 2_000)
        #expect(listener.events.count == 1)
        server.prompts.append("another")
        server.announce("notifications/prompts/list_changed")
        rig.world.run(milliseconds: 2_000)
        #expect(listener.events.compactMap { $0.method }.last == "notifications/prompts/list_changed")
    }

    @Test(
        "An announcement without a change is not passed on, and many of them are asked about less often"
    )
    func idleAnnouncements() {
        let server = ScriptedServer("s", .legacy, .process)
        server.isShared = true
        let rig = Rig([server]).started()
        let client = rig.session()
        let stream = client.stream()
        rig.world.run(milliseconds: 50)
        let before = server.count("prompts/list")
        for _ in 0..<1_000 {
            server.announce()
            rig.world.run(milliseconds: 10)
        }
        #expect(stream.events.isEmpty)
        #expect(server.count("prompts/list") - before < 15)
    }

    @Test("A slow reader gets one announcement when it reads again")
    func slowReader() {
        let server = ScriptedServer("s", .legacy, .process)
        let rig = Rig([server]).started()
        let client = rig.session()
        let stream = client.stream()
        rig.world.run(milliseconds: 50)
        stream.isWritable = false
        for number in 0..<5 {
            server.tools.append("new\(number)")
            server.announce()
            rig.world.run(milliseconds: 3_000)
        }
        #expect(stream.events.isEmpty)
        stream.isWritable = true
        rig.world.loops[0].execute { rig.gateway.loops[0].resumed(stream) }
        rig.world.run(milliseconds: 100)
        #expect(stream.events.compactMap { $0.method } == ["notifications/tools/list_changed"])
    }

    @Test(
        "The lists of a server that stays away leave the catalog and come back with it, announced both times"
    )
    func forgotten() {
        let (stays, goes) = (
            ScriptedServer("stays", .modern, .process), ScriptedServer("goes", .modern, .process)
        )
        let rig = Rig([stays, goes]).started()
        let stream = rig.session().stream()
        rig.world.run(milliseconds: 50)
        goes.isUp = false
        goes.die()
        rig.world.run(milliseconds: 28_000)
        #expect(tools(rig).count == 12)
        #expect(stream.events.isEmpty)
        rig.world.run(milliseconds: 4_000)
        #expect(tools(rig).count == 6)
        #expect(stream.events.compactMap { $0.method }.filter { $0.contains("tools") }.count == 1)
        goes.isUp = true
        rig.world.run(milliseconds: 20_000)
        #expect(tools(rig).count == 12)
        #expect(stream.events.compactMap { $0.method }.filter { $0.contains("tools") }.count == 2)
    }

    @Test("Stale lists of a server without announcements are asked for again")
    func stale() {
        let server = ScriptedServer("s", .legacy, .http)
        server.keepsSessions = false
        server.offersStream = false
        let rig = Rig([server]).started()
        #expect(tools(rig).count == 6)
        server.tools.append("new")
        #expect(tools(rig).count == 6)
        rig.world.run(milliseconds: 11_000)
        #expect(tools(rig).count == 7)
    }

    @Test("A stream that the server closes now and then is open again soon", arguments: [true, false])
    func closedStreams(modern: Bool) {
        let server = ScriptedServer("s", modern ? .modern : .legacy, .http)
        let rig = Rig([server]).started()
        let stream = rig.session().stream()
        for round in 1...12 {
            rig.world.run(milliseconds: 10_000)
            for (exchange, _) in Array(server.streams.values) { exchange.finish() }
            rig.world.run(milliseconds: 600)
            #expect(!server.streams.isEmpty)
            server.tools.append("new\(round)")
            server.announce()
            rig.world.run(milliseconds: 4_000)
            #expect(stream.events.count == round)
        }
    }

    @Test(
        "A stream is opened again after the pause that its server names, within bounds",
        arguments: [(3_000, 3_000), (0, 250), (.max, 60_000)], [false])
    func namedPause(_ pause: (named: Int, kept: Int), isModern: Bool) {
        let server = ScriptedServer("s", isModern ? .modern : .legacy, .http)
        let rig = Rig([server]).started()
        let method = isModern ? "subscriptions/listen" : "GET"
        // Nothing else asks the server to be heard, so each of these is the stream opened again.
        for round in 1...8 {
            #expect(server.count(method) == round)
            for (exchange, _) in Array(server.streams.values) {
                if round == 1 { exchange.retry(pause.named) }
                exchange.finish()
            }
            rig.world.run(milliseconds: pause.kept - 10)
            #expect(server.count(method) == round)
            rig.world.run(milliseconds: 20)
        }
        #expect(rig.shutDown() == [])
    }

    @Test("A stream that breaks off is opened again after the named pause or later, more so each time")
    func namedPauseAfterFailures() {
        let server = ScriptedServer("s", .legacy, .http)
        let rig = Rig([server]).started()
        for (exchange, _) in Array(server.streams.values) { exchange.retry(2_000) }
        rig.world.run(milliseconds: 10)
        var waits: [Int] = []
        for _ in 1...6 {
            let count = server.count("GET")
            let broken = rig.world.now
            for (exchange, _) in Array(server.streams.values) { exchange.fail(.broken("reset")) }
            rig.world.run { server.count("GET") > count }
            waits.append(Int(rig.world.now.nanoseconds(since: broken) / 1_000_000))
        }
        #expect(waits.allSatisfy { $0 >= 2_000 })
        #expect(waits.last.map { $0 >= 8_000 } == true)
        #expect(rig.shutDown() == [])
    }

    @Test("A server that restarts while it is listing lists again, and its waiting callers are answered")
    func restartWhileListing() {
        for steps in 0..<30 {
            let server = ScriptedServer("s", .modern, .process)
            let rig = Rig([server], seed: UInt64(steps) + 1)
            let list = rig.modern("tools/list", loop: 1)
            for _ in 0..<steps * 2 { _ = rig.world.step() }
            server.liveProcesses.first?.exit()
            rig.world.run(milliseconds: 12_000)
            #expect(list.response?.result != nil, "after \(steps * 2) steps")
            #expect(tools(rig).count == 6)
            #expect(rig.shutDown() == [])
        }
    }
}
