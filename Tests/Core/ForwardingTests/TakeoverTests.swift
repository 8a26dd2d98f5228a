import Identifiers
import Sessions
import Testing

@testable import Forwarding

/// Gateways that share a key, each in a world of its own: what one does the other does not hear of.
@Suite("Sessions that another gateway opened") struct TakeoverTests {
    private static func gateway(
        key: UInt64 = 7, seed: UInt64 = 1
    ) -> (rig: Rig, server: ScriptedServer) {
        let server = ScriptedServer("s", .legacy, .http)
        return (Rig([server], seed: seed, sealer: TagSealer(key: key)).started(), server)
    }

    private static func client(
        _ id: String?, of rig: Rig, path: String = "/mcp", version: String = "2025-11-25"
    ) -> LegacyClient {
        let client = LegacyClient(rig: rig, path: path, version: version)
        client.id = id
        return client
    }

    @Test("A session goes on with another gateway, which opens a session with the server as the same client")
    func takeover() throws {
        let (first, second) = (Self.gateway(), Self.gateway(seed: 2))
        let client = first.rig.session(version: "2025-06-18")
        let moved = Self.client(client.id, of: second.rig, version: "2025-06-18")
        let calls = (0..<4).map { moved.call("s__count", loop: $0 % 2) }
        second.rig.world.run { calls.allSatisfy(\.isOver) }
        #expect(calls.allSatisfy { $0.status == 200 })
        #expect(calls.compactMap { $0.response?.text }.sorted() == ["1", "2", "3", "4"])
        #expect(second.server.sessions.count == 2)
        let sessions = second.rig.gateway.sessions.all
        #expect(sessions.count == 1)
        #expect(sessions.first?.version == .june2025)
        #expect(sessions.first?.clientName == "test 1")
        #expect(sessions.first?.publicName == first.rig.gateway.sessions.all.first?.publicName)
        let stream = moved.stream()
        second.rig.world.run(milliseconds: 100)
        #expect(stream.streamHeaders != nil)
        #expect(first.rig.shutDown() + second.rig.shutDown() == [])
    }

    @Test("What the client had set is lost: the gateway that goes on knows no log level")
    func lostLevel() {
        let (first, second) = (Self.gateway(), Self.gateway(seed: 2))
        let client = first.rig.session()
        let level = client.post("logging/setLevel", ["level": "error"])
        first.rig.world.run { level.isOver }
        let call = Self.client(client.id, of: second.rig).call("s__echo")
        second.rig.world.run { call.isOver }
        #expect(call.status == 200)
        #expect(second.rig.gateway.sessions.all.first?.logLevel == nil)
        #expect(first.rig.shutDown() + second.rig.shutDown() == [])
    }

    @Test("An id that is forged, cut short, of another key or of another address is unknown")
    func refusals() throws {
        let (first, second) = (Self.gateway(), Self.gateway(seed: 2))
        let foreign = Self.gateway(key: 8, seed: 3)
        let id = try #require(first.rig.session().id)
        var wrong = [
            String(id.dropLast()), String(id.dropFirst(2)), id + "00", "", "s", String(id.reversed()),
            String(repeating: "0", count: 5_000), "\u{e9}" + id,
        ]
        let digits = Array(id.utf8)
        for index in stride(from: 0, to: digits.count, by: 7) {
            var forged = digits
            forged[index] = forged[index] == 0x30 ? 0x31 : 0x30
            wrong.append(String(decoding: forged, as: UTF8.self))
        }
        let cases = wrong.map { (second, $0, "/mcp") } + [(foreign, id, "/mcp"), (second, id, "/mcp/s")]
        var answers: Set<String> = []
        for (gateway, id, path) in cases {
            let exchange = Self.client(id, of: gateway.rig, path: path).post("ping", id: 1)
            gateway.rig.world.run { exchange.isOver }
            #expect(exchange.status == 404)
            answers.insert(String(decoding: exchange.answers.first?.body ?? [], as: UTF8.self))
        }
        // Whatever is wrong, the answer is the same.
        #expect(answers.count == 1)
        #expect(second.rig.gateway.sessions.all.isEmpty)
        #expect(first.rig.shutDown() + second.rig.shutDown() + foreign.rig.shutDown() == [])
    }

    @Test("A session that was deleted here, or expired here, is not taken over again")
    func tombstones() {
        let (first, second) = (Self.gateway(), Self.gateway(seed: 2))
        let clients = [first.rig.session(), first.rig.session()]
        let moved = clients.map { Self.client($0.id, of: second.rig) }
        let deletion = moved[0].end()
        second.rig.world.run { deletion.isOver }
        #expect(deletion.status == 204)
        let call = moved[1].call("s__echo")
        second.rig.world.run { call.isOver }
        second.rig.world.run(milliseconds: SessionStore.idleMilliseconds + 60_000)
        for client in moved {
            let call = client.call("s__echo")
            second.rig.world.run { call.isOver }
            #expect(call.status == 404)
        }
        #expect(second.server.sessions.count == 1)
        #expect(first.rig.shutDown() + second.rig.shutDown() == [])
    }

    @Test("A session is not taken over more than a day after it was opened, nor one from the future")
    func lifetime() {
        let gateway = Self.gateway()
        let now = UInt32(clamping: WallClock.microseconds / 1_000_000)
        let day = SessionTicket.lifetimeSeconds
        for (opened, status) in [
            (now - day + 60, 200), (now - day - 1, 404), (now + 60, 200), (now + 3600, 404),
        ] {
            let ticket = SessionTicket(
                request: InitializeRequest(
                    requestedVersion: "2025-11-25", capabilities: Array("{}".utf8),
                    clientInfo: Array("{}".utf8)),
                instance: 1, number: UInt64(opened), openedSeconds: opened)
            let id = TagSealer(key: 7).seal(
                ticket.bytes, context: SessionTicket.context(principal: .anonymous, path: "/mcp"))
            let ping = Self.client(id, of: gateway.rig).post("ping")
            gateway.rig.world.run { ping.isOver }
            #expect(ping.status == status)
        }
        #expect(gateway.rig.shutDown() == [])
    }

    @Test("The numbers of ended sessions are bounded, and the oldest are forgotten first")
    func boundedTombstones() {
        var ended = EndedSessions()
        let most = UInt64(EndedSessions.maxNumbers)
        for number in 0..<most + 10 {
            ended.insert(number)
            ended.insert(number)
        }
        #expect(!ended.contains(9))
        #expect(ended.contains(10))
        #expect(ended.contains(most + 9))
    }
}
