import Foundation
import Glibc
import ModelHistory
import Storage
import Synchronization
import Wire

/// Takes the requests of `attune model`, and those of `attune store` for the learner's store, in the process
/// that has that store open, one after the other, on a thread of its own.
///
/// The socket has mode 0600, so that only the same user can ask. What comes over it is not trusted: a request
/// is bounded, and whoever is silent is cut off.
package final class ModelServer: Sendable {
    private static let backlog: Int32 = 8
    /// How long a silent client is waited for.
    private static let patienceSeconds = 10

    package let path: String
    private let listener: Int32
    private let desk: ModelDesk
    private let store: (any StoreHome)?
    private let isStopped = Atomic<Bool>(false)
    /// The connection that is served.
    private let served = Mutex<ModelConnection?>(nil)
    private let hasEnded = DispatchSemaphore(value: 0)

    /// Listens and starts the thread; a socket that nobody answers on is replaced.
    ///
    /// - Parameters:
    ///   - path: in a directory that is there, and that only this user can write to.
    ///   - store: what the history is in, for those who want a copy of it or have it compacted; nil for none.
    package static func start(
        at path: String, _ repository: ModelRepository, _ store: (any StoreHome)? = nil
    ) throws(ModelLinkFault) -> ModelServer {
        var address = try ModelSocketAddress.make(path)
        do throws(ModelLinkFault) {
            _ = try ModelConnection.connect(path, seconds: 1)
            throw ModelLinkFault.system(call: "bind", errno: EADDRINUSE)
        } catch {
            guard case .absent = error else { throw error }
        }
        // Proof: the copy of the path outlives the call.
        _ = unsafe unlink(path)
        let number = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        guard number >= 0 else { throw .system(call: "socket", errno: errno) }
        // Nobody can connect before listen, so the mode that bind gives is never of use.
        // Proof: pointer and size are used inside the closure only; the copy of the path outlives its call.
        let isMade = unsafe ModelSocketAddress.with(&address) { unsafe bind(number, $0, $1) } == 0
        guard isMade, unsafe chmod(path, S_IRUSR | S_IWUSR) == 0, listen(number, backlog) == 0 else {
            let failure = errno
            _ = Glibc.close(number)
            throw .system(call: "bind", errno: failure)
        }
        let server = ModelServer(path, number, repository, store)
        Thread.detachNewThread {
            Thread.current.name = "attune-models"
            server.run()
        }
        return server
    }

    private init(
        _ path: String, _ listener: Int32, _ repository: ModelRepository, _ store: (any StoreHome)?
    ) {
        self.path = path
        self.listener = listener
        desk = ModelDesk(repository)
        self.store = store
    }

    /// Removes the socket, cuts off who is connected, and waits for the end of what is being carried out.
    /// Called once.
    package func stop() {
        // Proof: the copy of the path outlives the call.
        _ = unsafe unlink(path)
        isStopped.store(true, ordering: .releasing)
        // Wakes the thread, whose accept fails from now on.
        _ = shutdown(listener, Int32(SHUT_RDWR))
        served.withLock { $0?.cutOff() }
        hasEnded.wait()
    }

    private func run() {
        while !isStopped.load(ordering: .acquiring) {
            let number = accept(listener, nil, nil)
            guard number >= 0 else {
                // Such as too many open files: it is tried again, in peace.
                if !isStopped.load(ordering: .acquiring) { Thread.sleep(forTimeInterval: 0.1) }
                continue
            }
            _ = fcntl(number, F_SETFD, FD_CLOEXEC)
            let connection = ModelConnection(taking: number, seconds: Self.patienceSeconds)
            served.withLock { $0 = connection }
            // The end that came meanwhile found nobody to cut off.
            if isStopped.load(ordering: .acquiring) { connection.cutOff() }
            serve(connection)
            served.withLock { $0 = nil }
        }
        _ = Glibc.close(listener)
        hasEnded.signal()
    }

    private func serve(_ connection: ModelConnection) {
        do throws(ModelLinkFault) {
            let frame = try connection.readFrame(upTo: ModelConnection.mostRequestBytes)
            if let store, let task = LearnerStoreRequest(frame) {
                return try connection.writeFrame(task.perform(on: store).encoded)
            }
            guard let request = ModelRequest(frame) else {
                return try connection.writeFrame(ModelReply.malformed.encoded)
            }
            let reply = desk.perform(request) { count throws(HistoryError) in
                do throws(ModelLinkFault) {
                    return try connection.read(count)
                } catch {
                    throw .bundle(.cutShort)
                }
            }
            try connection.writeFrame(reply.encoded)
        } catch {
            // The client has gone, or is no client: nobody is left to tell.
            return
        }
    }
}
