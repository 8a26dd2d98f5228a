import Foundation
import Testing

@testable import Transports

@Suite("Attaching: who is trusted", .timeLimit(.minutes(1))) struct AttachTrustTests {
    @Test("A client with a certificate for its role is made an offer", arguments: AttachRole.allCases)
    func attaches(_ role: AttachRole) async throws {
        try await AttachRig.run { rig in
            let worker = try AttachRig.identity(.client, rig.certificates, "DNS:worker.attune.internal")
            let connection = try await rig.attach(role, role == .viewer ? worker : nil)
            let peer = try #require(rig.host.told.peers.first)
            #expect(peer.role == role)
            #expect(peer.name == "one")
            #expect(peer.processID == getpid())
            #expect(connection.offer == RecordingHost.offer(peer))
            #expect(rig.host.told.requests == [AttachRig.request(role)])
            connection.close()
            try await AttachRig.wait { rig.host.told.closed == [peer] }
            #expect(rig.host.told.turnedAway.isEmpty)
        }
    }

    enum Fault: CaseIterable { case otherAuthority, expired, server }

    @Test("A certificate that can't be trusted is refused before a word is heard", arguments: Fault.allCases)
    func refuses(_ fault: Fault) async throws {
        try await AttachRig.run { rig in
            let name = "DNS:learner.attune.internal"
            let identity =
                switch fault {
                case .otherAuthority:
                    try AttachRig.identity(
                        .client, rig.otherAuthority(), name, trusting: rig.certificates.authority)
                case .expired: try AttachRig.identity(.client, rig.certificates, name, days: -1)
                case .server:
                    try AttachRig.identity(.client, rig.certificates, "\(name)", usage: "serverAuth")
                }
            let reason =
                switch fault {
                case .otherAuthority: "TLSV1_ALERT_UNKNOWN_CA"
                case .expired: "SSLV3_ALERT_CERTIFICATE_EXPIRED"
                case .server: "SSLV3_ALERT_UNSUPPORTED_CERTIFICATE"
                }
            await #expect(throws: AttachFailure.certificateRefused(path: rig.path, reason: reason)) {
                try await rig.attach(.learner, identity)
            }
            try await AttachRig.wait { !rig.host.told.turnedAway.isEmpty }
            #expect(rig.host.told.requests.isEmpty)
            guard case .notTrusted(_, getpid()) = rig.host.told.turnedAway[0] else {
                Issue.record("it was \(rig.host.told.turnedAway)")
                return
            }
        }
    }

    @Test("A client without a certificate is refused before a word is heard") func needsCertificate()
        async throws
    {
        try await AttachRig.run { rig in
            let heard = try rig.python(
                """
                stream = connect()
                try:
                    stream.sendall(b'{"attach":{"role":"viewer","name":"x","layout":[1],"pid":1}}\\n')
                except OSError:
                    pass
                print(heard(stream))
                """)
            #expect(heard == "TLSV13_ALERT_CERTIFICATE_REQUIRED\n")
            #expect(rig.host.told.requests.isEmpty)
            #expect(rig.host.told.turnedAway.count == 1)
        }
    }

    @Test(
        "A certificate for another role is told so",
        arguments: [
            (AttachRole.learner, "worker"), (.worker, "learner"), (.learner, "x"), (.viewer, "gateway"),
        ])
    func comparesRoles(_ role: AttachRole, _ name: String) async throws {
        try await AttachRig.run { rig in
            let identity = try AttachRig.identity(.client, rig.certificates, "DNS:\(name).attune.internal")
            let refusal = AttachRefusal(.wrongName, "the certificate is not for the role \(role.rawValue)")
            await #expect(throws: AttachFailure.refused(refusal)) { try await rig.attach(role, identity) }
            #expect(rig.host.told.requests.isEmpty)
            #expect(rig.host.codes == [.wrongName])
        }
    }

    @Test("A gateway of another authority, or with a certificate for another name, is not told a word")
    func distrustsGateways() async throws {
        try await AttachRig.run(gateway: "DNS:learner.attune.internal") { rig in
            let fault = AttachFailure.gatewayNotTrusted(
                path: rig.path, reason: "it is for another name than the address has")
            await #expect(throws: fault) { try await rig.attach(.learner) }
            #expect(rig.host.told.requests.isEmpty)
        }
        try await AttachRig.run { rig in
            let other = try rig.otherAuthority()
            let identity = try AttachRig.identity(
                .client, rig.certificates, "DNS:learner.attune.internal", trusting: other.authority)
            let fault = AttachFailure.gatewayNotTrusted(
                path: rig.path, reason: "its issuer is not the authority of ca.pem")
            await #expect(throws: fault) { try await rig.attach(.learner, identity) }
            #expect(rig.host.told.requests.isEmpty)
        }
    }

    @Test(
        "A process of another user is closed on before the handshake",
        .enabled(if: geteuid() == 0, "only root can start a process of another user"))
    func refusesOtherUsers() async throws {
        try await AttachRig.run { rig in
            let files = FileManager.default
            for place in [rig.directory, "\(rig.directory)/run"] {
                try files.setAttributes([.posixPermissions: 0o755], ofItemAtPath: place)
            }
            try files.setAttributes([.posixPermissions: 0o666], ofItemAtPath: rig.path)
            let heard = try rig.python(
                """
                os.setgid(65534)
                os.setuid(65534)
                plain.connect(path)
                print(heard(plain) in (b"", "reset"))
                """)
            #expect(heard == "True\n")
            #expect(rig.host.codes == [.wrongUser])
        }
    }

    @Test("Without a gateway the error number is told") func hasNoGateway() async throws {
        try await AttachRig.run { rig in
            await rig.listener.close()
            await #expect(throws: AttachFailure.noGateway(path: rig.path, errno: ENOENT)) {
                try await rig.attach(.learner)
            }
        }
    }

    @Test("PEM texts that are none are told apart") func checksTexts() throws {
        #expect(throws: MutualTLS.Fault.unreadableAuthority) {
            try MutualTLS(.client, authority: [], certificateChain: [], privateKey: [])
        }
    }
}
