import Foundation
import Testing

@testable import Transports

@Suite("Attaching: what is used up", .timeLimit(.minutes(1))) struct AttachLimitTests {
    @Test("Who does not shake hands, or does not ask, is closed on after a while", arguments: [true, false])
    func isImpatient(_ shakesHands: Bool) async throws {
        var limits = AttachLimits()
        limits.requestTimeout = .milliseconds(300)
        try await AttachRig.run(limits: limits) { rig in
            let heard = try rig.python(
                """
                context.load_cert_chain(certificate, key)
                stream = \(shakesHands ? "connect()" : "plain")
                if stream is plain:
                    plain.connect(path)
                    plain.sendall(b"\\x16\\x03\\x01")
                else:
                    stream.sendall(b'{"attach":')
                while (more := heard(stream)) and not isinstance(more, str):
                    pass
                print("closed")
                """)
            #expect(heard == "closed\n")
            #expect(rig.host.told.turnedAway.contains { if case .timedOut = $0 { true } else { false } })
            try await AttachRig.wait { await rig.listener.connectionCount == 0 }
        }
    }

    @Test("Who does not fetch its descriptors is closed on after a while, who does stays")
    func waitsForConfirmation() async throws {
        var limits = AttachLimits()
        // On a busy machine the first of them has to be confirmed within it.
        limits.confirmationTimeout = .seconds(3)
        try await AttachRig.run(limits: limits) { rig in
            let kept = try await rig.attach(.learner)
            rig.listener.confirm(try #require(rig.host.told.peers.first).id)
            let dropped = try await rig.attach(.worker)
            await #expect(throws: AttachFailure.closed(path: rig.path)) { try await dropped.notice() }
            kept.refresh()
            #expect(try await kept.notice() == .segmentsChanged(token: "again-one"))
            #expect(rig.host.told.closed.map(\.role) == [.worker])
        }
    }

    @Test("Of more connections than there may be the last is closed, and a place that is left is taken again")
    func boundsConnections() async throws {
        var limits = AttachLimits()
        limits.maxConnections = 3
        // Nobody confirms here, and a busy machine takes its time.
        limits.confirmationTimeout = .seconds(600)
        try await AttachRig.run(limits: limits) { rig in
            var kept: [AttachConnection] = []
            for _ in 0..<3 { kept.append(try await rig.attach(.worker)) }
            await #expect(throws: AttachFailure.closed(path: rig.path)) { try await rig.attach(.worker) }
            #expect(rig.host.told.turnedAway == [.tooManyConnections(processID: getpid())])
            kept[1].close()
            try await AttachRig.wait { rig.host.told.closed.count == 1 }
            kept[1] = try await rig.attach(.worker)
            #expect(await rig.listener.connectionCount == 3)
        }
    }

    @Test("A client that reads nothing is dropped, not waited for") func dropsDeafClients() async throws {
        try await AttachRig.run { rig in
            async let heard = Self.listenLate(rig)
            try await AttachRig.wait { !rig.host.told.peers.isEmpty }
            let peer = try #require(rig.host.told.peers.first)
            rig.listener.confirm(peer.id)
            let token = String(repeating: "a", count: 1000)
            try await AttachRig.wait {
                for _ in 0..<100 { rig.listener.tell(peer.id, .segmentsChanged(token: token)) }
                return rig.host.told.closed == [peer]
            }
            try Data().write(to: URL(filePath: "\(rig.directory)/enough"))
            #expect(try await heard == "done\n")
        }
    }

    /// On a thread of its own, since it waits for the program.
    private static func listenLate(_ rig: AttachRig) async throws -> String {
        try await withCheckedThrowingContinuation { waiting in
            Thread.detachNewThread {
                waiting.resume(
                    with: Result {
                        try rig.python(
                            """
                            import time
                            context.load_cert_chain(certificate, key)
                            stream = connect()
                            stream.sendall(
                                b'{"attach":{"role":"worker","name":"deaf","layout":[1],"pid":1}}\\n')
                            while not os.path.exists(os.path.dirname(authority) + "/enough"):
                                time.sleep(0.01)
                            print("done")
                            """)
                    })
            }
        }
    }

    @Test("A directory behind a symbolic link is as good as itself, and refused where others may write to it")
    func followsLinks() async throws {
        try await AttachRig.run { rig in
            let tls = try AttachRig.identity(.gateway, rig.certificates, "DNS:\(AttachRig.gatewayName)")
            let (place, link) = ("\(rig.directory)/place", "\(rig.directory)/link")
            let files = FileManager.default
            try files.createDirectory(
                atPath: place, withIntermediateDirectories: false, attributes: [.posixPermissions: 0o700])
            try files.createSymbolicLink(atPath: link, withDestinationPath: place)
            func bind() async throws -> AttachListener {
                try await AttachListener.bind(
                    path: "\(link)/a.sock", on: rig.loops, tls: tls, names: AttachRig.names, host: rig.host)
            }
            await (try bind()).close()
            try files.setAttributes([.posixPermissions: 0o770], ofItemAtPath: place)
            let refusal = LocalSocketFailure.directoryNotUsable(link, reason: "others may write to it")
            await #expect(throws: refusal) { _ = try await bind() }
        }
    }

    @Test("Only the owner can connect; a dead socket is replaced, one in use and another file are not")
    func takesItsPlace() async throws {
        try await AttachRig.run { rig in
            let mode = try FileManager.default.attributesOfItem(atPath: rig.path)[.posixPermissions] as? Int
            #expect(mode == 0o600)
            let tls = try AttachRig.identity(.gateway, rig.certificates, "DNS:\(AttachRig.gatewayName)")
            func bind(_ path: String) async throws -> AttachListener {
                try await AttachListener.bind(
                    path: path, on: rig.loops, tls: tls, names: AttachRig.names, host: rig.host)
            }
            await #expect(throws: LocalSocketFailure.inUse(rig.path)) { _ = try await bind(rig.path) }
            let other = "\(rig.directory)/other.sock"
            _ = try rig.python("plain.bind(os.path.dirname(authority) + '/other.sock')")
            await (try bind(other)).close()
            #expect(!FileManager.default.fileExists(atPath: other))
            try Data().write(to: URL(filePath: other))
            await #expect(throws: LocalSocketFailure.notASocket(other)) { _ = try await bind(other) }
        }
    }
}
