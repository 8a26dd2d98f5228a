import Foundation
import Identity
import Processes
import SharedMemory
import Transports

/// A process's side of attaching to the gateway: it attaches, keeps the list of segments up to date, and
/// attaches again whenever the connection is lost.
package final class AttachClient: Sendable {
    /// Makes or finds the own segment for a grant: it has to be live, of the granted size and the requested
    /// name. Nil for a viewer. Called for each offer, so that a gateway that was started anew can be given
    /// the same segment again.
    package typealias OwnSegment = @Sendable (AttachOffer) throws(SegmentError) -> Segment?

    /// The pauses between attempts: full jitter up to this.
    private static let longestPause = Duration.seconds(2)
    /// Events that wait for a reader; of more, the oldest go.
    private static let keptEvents = 16
    /// Attempts to fetch the segments again, within one attachment, before it is given up.
    private static let maxFetches = 4

    /// Ends when the client is stopped. To be read by one task.
    package let events: AsyncStream<AttachEvent>
    private let continuation: AsyncStream<AttachEvent>.Continuation
    private let places: AttachPlaces
    private let request: AttachRequest
    private let tls: MutualTLS
    private let loops: EventLoops
    private let ownSegment: OwnSegment

    private init(
        _ places: AttachPlaces, _ request: AttachRequest, _ tls: MutualTLS, _ loops: EventLoops,
        _ ownSegment: @escaping OwnSegment
    ) {
        (events, continuation) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(Self.keptEvents))
        self.places = places
        self.request = request
        self.tls = tls
        self.loops = loops
        self.ownSegment = ownSegment
    }

    /// Attaches in the background, now and whenever the connection is lost, until the task is cancelled.
    ///
    /// - Parameters:
    ///   - identity: the client's, by its role.
    ///   - loops: the first one serves the connection.
    /// - Returns: the events, and the task to cancel.
    package static func start(
        at places: AttachPlaces, as request: AttachRequest, identity: TLSIdentity, on loops: EventLoops,
        ownSegment: @escaping OwnSegment
    ) throws(MutualTLS.Fault) -> (client: AttachClient, task: Task<Void, Never>) {
        let client = AttachClient(
            places, request, try MutualTLS(.client, identity), loops, ownSegment)
        return (client, Task.detached { await client.run() })
    }

    private func run() async {
        let clock = ContinuousClock()
        let origin = clock.now
        var random = SystemRandomNumberGenerator()
        var backoff = RestartBackoff(
            floor: .milliseconds(50), ceiling: Self.longestPause, stableAfter: .seconds(10))
        while !Task.isCancelled {
            let fault = await attempt { backoff.started(at: clock.now - origin) }
            guard !Task.isCancelled else { break }
            let pause = backoff.ended(at: clock.now - origin, using: &random)
            continuation.yield(.lost(fault, retryAfter: pause))
            try? await clock.sleep(for: pause)
        }
        continuation.finish()
    }

    /// One attachment from its start to its end.
    ///
    /// - Returns: why it ended.
    private func attempt(_ attached: () -> Void) async -> AttachFault {
        let connection: AttachConnection
        do throws(AttachFailure) {
            connection = try await AttachConnection.open(
                path: places.control, request: request, tls: tls,
                gatewayName: CertificateName.gateway.dnsName, on: loops)
        } catch {
            return .connection(error)
        }
        defer { connection.close() }
        return await withTaskCancellationHandler {
            do throws(AttachFault) {
                let segments = try await handOver(connection.offer)
                attached()
                continuation.yield(.attached(connection.offer, segments))
                try await follow(connection, segments)
            } catch {
                return error
            }
        } onCancel: {
            connection.close()
        }
    }

    private func handOver(_ offer: AttachOffer) async throws(AttachFault) -> ReceivedSegments {
        let own: Segment?
        do throws(SegmentError) {
            own = try ownSegment(offer)
        } catch {
            throw .ownSegment(error)
        }
        var descriptor: SharedDescriptor?
        do throws(DescriptorFault) {
            descriptor = try own.map { segment throws(DescriptorFault) in
                try SharedDescriptor(duplicating: segment.descriptor)
            }
        } catch {
            throw .descriptors(error)
        }
        return try await fetch(offer, offer.token, descriptor, earlier: ReceivedSegments())
    }

    /// Fetches the segments anew after each notice, until the connection ends.
    private func follow(
        _ connection: AttachConnection, _ first: ReceivedSegments
    ) async throws(AttachFault) -> Never {
        var segments = first
        var fetches = 0
        while true {
            let token: String
            do throws(AttachFailure) {
                guard case .segmentsChanged(let told) = try await connection.notice() else { continue }
                token = told
            } catch {
                throw .connection(error)
            }
            do throws(AttachFault) {
                segments = try await fetch(connection.offer, token, nil, earlier: segments)
                fetches = 0
                continuation.yield(.segmentsChanged(segments))
            } catch {
                // Most likely the token expired while this process did not run.
                fetches += 1
                guard fetches < Self.maxFetches, case .refused = error else { throw error }
                connection.refresh()
            }
        }
    }

    private func fetch(
        _ offer: AttachOffer, _ token: String, _ descriptor: SharedDescriptor?, earlier: ReceivedSegments
    ) async throws(AttachFault) -> ReceivedSegments {
        guard let path = places.descriptors(named: offer.descriptors) else { throw .badManifest }
        let message = try await Self.exchange(path, Array(token.utf8), descriptor)
        guard let manifest = SegmentManifest(message.bytes) else { throw .badManifest }
        if let error = manifest.error { throw .refused(error) }
        guard let entries = manifest.segments else { throw .badManifest }
        return try ReceivedSegments(entries, message.descriptors, earlier: earlier)
    }

    /// On a thread of its own, since the calls wait.
    private static func exchange(
        _ path: String, _ token: [UInt8], _ descriptor: SharedDescriptor?
    ) async throws(AttachFault) -> DescriptorMessage {
        let result: Result<DescriptorMessage, DescriptorFault> = await withCheckedContinuation { waiting in
            Thread.detachNewThread {
                do throws(DescriptorFault) {
                    let message = try DescriptorClient.exchange(
                        path: path, token: token, descriptor: descriptor)
                    waiting.resume(returning: .success(message))
                } catch {
                    waiting.resume(returning: .failure(error))
                }
            }
        }
        do throws(DescriptorFault) {
            return try result.get()
        } catch {
            throw .descriptors(error)
        }
    }
}
