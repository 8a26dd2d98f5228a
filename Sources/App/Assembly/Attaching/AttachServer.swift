import Foundation
import Identity
import SharedMemory
import Synchronization
import Transports

/// The gateway's side of attaching: who shows a certificate on the control socket gets a token, and for the
/// token the descriptors of the segments, on a second socket.
///
/// A client is attached from the moment its own segment was taken until its control connection closes. When
/// one with a segment comes or goes, the others are told to fetch anew.
package final class AttachServer: Sendable {
    package enum StartFault: Error, Sendable, Equatable {
        case certificates(CertificateFault)
        case tls(MutualTLS.Fault)
        case socket(path: String, reason: String)
        case descriptors(DescriptorFault)
    }

    /// The most segments that a client is shown.
    package static let maxSegments = DescriptorMessage.maxDescriptors

    package let places: AttachPlaces
    private let desk: AttachDesk
    private let listener: AttachListener
    private let descriptors: DescriptorServer

    private init(
        _ places: AttachPlaces, _ desk: AttachDesk, _ listener: AttachListener,
        _ descriptors: DescriptorServer
    ) {
        self.places = places
        self.desk = desk
        self.listener = listener
        self.descriptors = descriptors
    }

    /// Listens on both sockets.
    ///
    /// - Parameter identity: the gateway's.
    package static func start(
        at places: AttachPlaces, identity: TLSIdentity, on loops: EventLoops, provider: any AttachProvider,
        limits: AttachLimits = AttachLimits()
    ) async throws(StartFault) -> AttachServer {
        let tls: MutualTLS
        do throws(MutualTLS.Fault) {
            tls = try MutualTLS(.gateway, identity)
        } catch {
            throw .tls(error)
        }
        let desk = AttachDesk(provider, descriptorsName: places.descriptorsName)
        let listener: AttachListener
        do {
            listener = try await AttachListener.bind(
                path: places.control, on: loops, tls: tls, names: AttachRole.certificateNames, limits: limits,
                host: desk)
        } catch {
            throw .socket(path: places.control, reason: "\(error)")
        }
        desk.tell(through: listener)
        do throws(DescriptorFault) {
            let descriptors = try DescriptorServer.start(path: places.descriptors) { desk.answer($0) }
            return AttachServer(places, desk, listener, descriptors)
        } catch {
            await listener.close()
            throw .descriptors(error)
        }
    }

    /// Who is attached, the oldest first.
    package var attached: [AttachPeer] { desk.attached }

    /// Tells all that are attached to fetch the segments anew, after the gateway's own have changed.
    package func segmentsChanged() { desk.announce(except: nil) }

    /// Closes both sockets and all connections; `ended` is called for each client.
    package func stop() async {
        await listener.close()
        descriptors.stop()
    }
}

extension AttachRole {
    /// The names of which a client's certificate has to have one.
    static let certificateNames: [AttachRole: Set<String>] = [
        .learner: [CertificateName.learner.dnsName],
        .worker: [CertificateName.worker.dnsName],
        .viewer: Set(CertificateName.allCases.map(\.dnsName)),
    ]
}

extension MutualTLS {
    init(_ side: Side, _ identity: TLSIdentity) throws(Fault) {
        try self.init(
            side, authority: identity.authority, certificateChain: identity.certificateChain,
            privateKey: identity.privateKey)
    }
}

extension AttachServer.StartFault: CustomStringConvertible {
    package var description: String {
        switch self {
        case .certificates(let fault): "\(fault)"
        case .tls(let fault): "the certificates can't be used: \(fault)"
        case .socket(let path, let reason): "\(path) can't be listened on: \(reason)"
        case .descriptors(let fault): "\(fault)"
        }
    }
}
