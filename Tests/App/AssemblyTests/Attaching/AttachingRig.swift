import Foundation
import Identity
import SharedMemory
import Synchronization
import TestSupport
import Transports

@testable import Assembly

/// A gateway to attach to: certificates as the first start makes them, a core segment, and both sockets.
final class AttachingRig: Sendable {
    let directory: String
    let store: CertificateStore
    let places: AttachPlaces
    let provider: TestProvider
    let loops: EventLoops

    private init(_ directory: String) throws {
        self.directory = directory
        store = CertificateStore(directory: "\(directory)/tls")
        places = AttachPlaces(directory: "\(directory)/run", port: 7420)
        provider = TestProvider(try Self.segment(.core, "core"))
        loops = EventLoops(count: 1)
        try store.prepare()
    }

    static func run(_ body: (AttachingRig) async throws -> Void) async throws {
        let folder = try PrivateFolder()
        defer { withExtendedLifetime(folder) {} }
        let rig = try AttachingRig(folder.path)
        try await body(rig)
        await rig.loops.shutdown()
    }

    /// Puts an operator's certificates, with RSA keys, in the place of those that were made.
    func replaceCertificates() throws {
        let authority = "\(directory)/operator"
        try OpenSSL.makeAuthority(authority, name: "Operator", kind: .rsa)
        try FileManager.default.removeItem(atPath: store.directory)
        try FileManager.default.createDirectory(
            atPath: store.directory, withIntermediateDirectories: true,
            attributes: [.posixPermissions: 0o700])
        try FileManager.default.copyItem(atPath: "\(authority).pem", toPath: store.authorityPath)
        for name in CertificateName.allCases {
            try OpenSSL.makeCertificate(
                "\(store.directory)/\(name)", names: "DNS:\(name.dnsName)", signedBy: authority, kind: .rsa)
        }
        try store.prepare()
    }

    func startServer() async throws -> AttachServer {
        try await AttachServer.start(
            at: places, identity: TLSIdentity(.gateway, in: store), on: loops, provider: provider)
    }

    func startClient(
        _ role: AttachRole, _ name: String, segment: Segment?, identity: CertificateName? = nil
    ) throws -> (client: AttachClient, task: Task<Void, Never>) {
        let certificate = identity ?? (role == .learner ? .learner : .worker)
        return try AttachClient.start(
            at: places, as: AttachRequest(role: role, name: name, layouts: [1, 2], processID: getpid()),
            identity: TLSIdentity(certificate, in: store), on: loops
        ) { _ in segment }
    }

    /// A live segment with a command ring of one page.
    static func segment(_ kind: SegmentKind, _ name: String, pages: UInt64 = 1) throws -> Segment {
        let plan = try SegmentPlan(
            kind: kind, name: name,
            sections: [
                SectionPlan(
                    kind: .commandRing, index: 0, bytes: 4096 * pages, recordBytes: 1, capacity: 2048)
            ])
        let segment = try Segment.anonymous(plan)
        try segment.goLive()
        return segment
    }

    static func wait(for condition: () async throws -> Bool) async throws {
        while try await !condition() { try await Task.sleep(for: .milliseconds(2)) }
    }
}

/// Grants everybody two pages, and shows the core's segment and those that were handed over.
final class TestProvider: AttachProvider {
    struct Told: Sendable {
        var granted: [AttachPeer] = []
        var handed: [(AttachPeer, HandedSegment)] = []
        var viewers: [AttachPeer] = []
        var ended: [AttachPeer] = []
        var turnedAway: [AttachTurnedAway] = []
        var refusal: AttachRefusal?
    }

    private let core: Segment
    private let state = Mutex(Told())

    init(_ core: Segment) { self.core = core }

    var told: Told { state.withLock { $0 } }

    var codes: [AttachRefusal.Code] {
        told.turnedAway.compactMap { if case .refused(let refusal, _) = $0 { refusal.code } else { nil } }
    }

    /// Refuses all segments from now on.
    func refuse(_ refusal: AttachRefusal?) { state.withLock { $0.refusal = refusal } }

    var generation: UInt64 { core.generation }

    func grant(_ request: AttachRequest, to peer: AttachPeer) -> Result<AttachGrant, AttachRefusal> {
        state.withLock { told in
            told.granted.append(peer)
            return .success(AttachGrant(segmentBytes: 8192, laneBytes: [2048], tableBytes: 0, index: 0))
        }
    }

    func attached(_ peer: AttachPeer, _ handed: HandedSegment?) -> AttachRefusal? {
        state.withLock { told in
            if let refusal = told.refusal { return refusal }
            if let handed { told.handed.append((peer, handed)) } else { told.viewers.append(peer) }
            return nil
        }
    }

    func segments(for peer: AttachPeer) -> [OfferedSegment] {
        let others = state.withLock { told in
            told.handed.filter { $0.0 != peer }.map { $0.1.offered(index: Int($0.0.id)) }
        }
        return ((try? OfferedSegment(core)).map { [$0] } ?? []) + others
    }

    func ended(_ peer: AttachPeer) {
        state.withLock { told in
            told.ended.append(peer)
            told.handed.removeAll { $0.0 == peer }
        }
    }

    func turnedAway(_ reason: AttachTurnedAway) { state.withLock { $0.turnedAway.append(reason) } }
}
