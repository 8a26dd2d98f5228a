import Foundation
import Identity
import SharedMemory
import Testing
import Transports

@testable import Assembly

@Suite("Attaching", .timeLimit(.minutes(1))) struct AttachingTests {
    private typealias Events = AsyncStream<AttachEvent>.Iterator

    /// The names of the segments at the next event, which has to be one with segments.
    private static func names(_ events: inout Events) async throws -> [String] {
        switch try #require(await events.next(isolation: nil)) {
        case .attached(_, let received), .segmentsChanged(let received):
            #expect(received.unusable.isEmpty)
            return received.segments.map(\.segment.header.name)
        case .lost(let fault, _):
            Issue.record("lost: \(fault)")
            return []
        }
    }

    private static func lost(_ events: inout Events) async throws -> AttachFault {
        while true {
            if case .lost(let fault, _) = try #require(await events.next(isolation: nil)) { return fault }
        }
    }

    @Test("Learner and worker see the core's segment and each other's, and hear of comings and goings")
    func shares() async throws {
        try await AttachingRig.run { rig in
            let server = try await rig.startServer()
            let learnerSegment = try AttachingRig.segment(.learner, "learner")
            let learner = try rig.startClient(.learner, "learner", segment: learnerSegment)
            var heard = learner.client.events.makeAsyncIterator()
            #expect(try await Self.names(&heard) == ["core"])
            let handed = try #require(rig.provider.told.handed.first)
            #expect(handed.0.role == .learner)
            #expect(handed.0.processID == getpid())
            #expect(handed.1.segment.header.generation == learnerSegment.generation)

            let worker = try rig.startClient(
                .worker, "w-1", segment: try AttachingRig.segment(.worker, "w-1"))
            var workerHeard = worker.client.events.makeAsyncIterator()
            #expect(try await Self.names(&workerHeard) == ["core", "learner"])
            #expect(try await Self.names(&heard) == ["core", "w-1"])
            #expect(server.attached.map(\.name) == ["learner", "w-1"])

            let viewer = try rig.startClient(.viewer, "top", segment: nil)
            var viewerHeard = viewer.client.events.makeAsyncIterator()
            #expect(try await Self.names(&viewerHeard) == ["core", "learner", "w-1"])

            worker.task.cancel()
            #expect(try await Self.names(&heard) == ["core"])
            #expect(try await Self.names(&viewerHeard) == ["core", "learner"])
            server.segmentsChanged()
            #expect(try await Self.names(&heard) == ["core"])
            learner.task.cancel()
            viewer.task.cancel()
            while await heard.next(isolation: nil) != nil {}
            try await AttachingRig.wait { rig.provider.told.ended.count == 3 }
            await server.stop()
            #expect(!FileManager.default.fileExists(atPath: rig.places.control))
            #expect(!FileManager.default.fileExists(atPath: rig.places.descriptors))
        }
    }

    @Test("A mapping is kept as long as its segment is the same") func keepsMappings() async throws {
        try await AttachingRig.run { rig in
            let server = try await rig.startServer()
            let viewer = try rig.startClient(.viewer, "top", segment: nil)
            var heard = viewer.client.events.makeAsyncIterator()
            guard case .attached(_, let first)? = await heard.next(isolation: nil) else { throw Unexpected() }
            server.segmentsChanged()
            guard case .segmentsChanged(let second)? = await heard.next(isolation: nil) else {
                throw Unexpected()
            }
            #expect(first.segments[0].segment === second.segments[0].segment)
            viewer.task.cancel()
            await server.stop()
        }
    }

    private struct Unexpected: Error {}

    @Test("A client attaches when the gateway comes, and again whenever it comes back")
    func attachesAgain() async throws {
        try await AttachingRig.run { rig in
            let segment = try AttachingRig.segment(.learner, "learner")
            let learner = try rig.startClient(.learner, "learner", segment: segment)
            var heard = learner.client.events.makeAsyncIterator()
            let absent = AttachFailure.noGateway(path: rig.places.control, errno: ENOENT)
            #expect(try await Self.lost(&heard) == .connection(absent))
            for _ in 0..<5 {
                let server = try await rig.startServer()
                while true {
                    if case .attached? = await heard.next(isolation: nil) { break }
                }
                #expect(server.attached.map(\.name) == ["learner"])
                await server.stop()
                _ = try await Self.lost(&heard)
            }
            learner.task.cancel()
            try await AttachingRig.wait { rig.provider.told.ended == rig.provider.told.granted }
        }
    }

    enum Misfit: CaseIterable {
        case none, wrongSize, wrongKind, wrongName, notLive, notSealed, refused

        var message: String {
            switch self {
            case .none: "no descriptor came with the token"
            case .wrongSize: "the segment has 12288 bytes, 8192 were granted"
            case .wrongKind, .wrongName: "the segment is not the one of worker w-1"
            case .notLive: "the segment is not live: its state is 0"
            case .notSealed: "the segment is not sealed against shrinking"
            case .refused: "not today"
            }
        }
    }

    @Test(
        "A segment that can't be used is refused with a sentence, and tried again", arguments: Misfit.allCases
    )
    func refusesSegments(_ misfit: Misfit) async throws {
        try await AttachingRig.run { rig in
            let server = try await rig.startServer()
            let segment: Segment? =
                switch misfit {
                case .none: nil
                case .wrongSize: try AttachingRig.segment(.worker, "w-1", pages: 2)
                case .wrongKind: try AttachingRig.segment(.learner, "w-1")
                case .wrongName: try AttachingRig.segment(.worker, "w-2")
                case .notLive: try Segment.anonymous(try AttachingRig.segment(.worker, "w-1").plan)
                case .notSealed:
                    try Segment.file(try AttachingRig.segment(.worker, "w-1").plan, in: rig.directory)
                case .refused: try AttachingRig.segment(.worker, "w-1")
                }
            rig.provider.refuse(misfit == .refused ? AttachRefusal(.badSegment, misfit.message) : nil)
            let worker = try rig.startClient(.worker, "w-1", segment: segment)
            var heard = worker.client.events.makeAsyncIterator()
            let fault = AttachFault.refused(AttachRefusal(.badSegment, misfit.message))
            #expect(try await Self.lost(&heard) == fault)
            #expect(try await Self.lost(&heard) == fault)
            worker.task.cancel()
            #expect(server.attached.isEmpty)
            await server.stop()
            try await AttachingRig.wait { rig.provider.told.ended == rig.provider.told.granted }
            #expect(rig.provider.told.handed.isEmpty)
            #expect(rig.provider.codes.contains(.badSegment))
        }
    }

    @Test("A learner's certificate is none for a worker, nor the other way round") func comparesRoles()
        async throws
    {
        try await AttachingRig.run { rig in
            let server = try await rig.startServer()
            for (role, certificate) in [(AttachRole.learner, CertificateName.worker), (.worker, .learner)] {
                let client = try rig.startClient(role, "x", segment: nil, identity: certificate)
                var heard = client.client.events.makeAsyncIterator()
                let refusal = AttachRefusal(.wrongName, "the certificate is not for the role \(role)")
                #expect(try await Self.lost(&heard) == .connection(.refused(refusal)))
                client.task.cancel()
            }
            #expect(rig.provider.told.granted.isEmpty)
            await server.stop()
        }
    }

    @Test("An operator's certificates serve as well as those made at the start") func takesOperators()
        async throws
    {
        try await AttachingRig.run { rig in
            try rig.replaceCertificates()
            let server = try await rig.startServer()
            let viewer = try rig.startClient(.viewer, "top", segment: nil)
            var heard = viewer.client.events.makeAsyncIterator()
            #expect(try await Self.names(&heard) == ["core"])
            viewer.task.cancel()
            await server.stop()
        }
    }

    @Test("A token is not good without its connection, and a stranger's is none") func bindsTokens()
        async throws
    {
        try await AttachingRig.run { rig in
            let server = try await rig.startServer()
            let tls = try MutualTLS(.client, TLSIdentity(.worker, in: rig.store))
            let connection = try await AttachConnection.open(
                path: rig.places.control,
                request: AttachRequest(role: .viewer, name: "v", layouts: [9, 2], processID: 1), tls: tls,
                gatewayName: CertificateName.gateway.dnsName, on: rig.loops)
            #expect(connection.offer.grant == nil)
            #expect(connection.offer.generation == rig.provider.generation)
            func fetch(_ token: String) throws -> SegmentManifest {
                let message = try DescriptorClient.exchange(
                    path: rig.places.descriptors, token: Array(token.utf8), descriptor: nil)
                return try #require(SegmentManifest(message.bytes))
            }
            let stranger = try fetch(String(repeating: "0", count: 64))
            #expect(stranger.error?.code == .badToken)
            let first = try fetch(connection.offer.token)
            #expect(first.segments?.map(\.kind) == ["core"])
            let second = try fetch(connection.offer.token)
            #expect(second.error?.code == .badToken)
            connection.refresh()
            guard case .segmentsChanged(let token) = try await connection.notice() else { return }
            connection.close()
            try await AttachingRig.wait { rig.provider.told.ended.count == 1 }
            let third = try fetch(token)
            #expect(third.error?.code == .badToken)
            await server.stop()
        }
    }

    @Test("A client that reads no layout of the gateway's is told which there are") func comparesLayouts()
        async throws
    {
        try await AttachingRig.run { rig in
            let server = try await rig.startServer()
            let tls = try MutualTLS(.client, TLSIdentity(.worker, in: rig.store))
            await #expect(
                throws: AttachFailure.refused(
                    AttachRefusal(.layoutUnsupported, "the gateway writes layout version 2"))
            ) {
                try await AttachConnection.open(
                    path: rig.places.control,
                    request: AttachRequest(role: .worker, name: "v", layouts: [99], processID: 1), tls: tls,
                    gatewayName: CertificateName.gateway.dnsName, on: rig.loops)
            }
            await server.stop()
        }
    }
}
