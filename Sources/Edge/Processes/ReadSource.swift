import Dispatch
import Glibc

/// Calls when a descriptor that it owns can be read; closes it after `cancel`.
///
/// Proof of Sendable: a dispatch source is a reference that libdispatch itself guards, and its functions
/// may be called from any thread (dispatch_source_create(3)).
struct ReadSource: @unchecked Sendable {
    private let source: any DispatchSourceRead

    init(_ descriptor: Int32, queue: DispatchQueue) {
        source = DispatchSource.makeReadSource(fileDescriptor: descriptor, queue: queue)
        source.setCancelHandler { close(descriptor) }
    }

    /// Called once; `onReadable` runs on the queue.
    func activate(_ onReadable: @escaping @Sendable () -> Void) {
        source.setEventHandler(handler: onReadable)
        source.activate()
    }

    func cancel() {
        source.cancel()
    }
}
