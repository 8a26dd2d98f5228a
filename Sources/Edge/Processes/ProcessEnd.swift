import Dispatch

/// Tells when a process ended, before anybody collects its status.
enum ProcessEnd {
    /// Returns once the process behind a process descriptor (pidfd_open(2)) has ended; until it is reaped its
    /// number, and that of its group, stay taken, so that a signal cannot hit a stranger.
    static func wait(for descriptor: Int32) async {
        await withCheckedContinuation { (continuation: CheckedContinuation<Void, Never>) in
            let source = DispatchSource.makeReadSource(fileDescriptor: descriptor, queue: .global())
            source.setEventHandler { source.cancel() }
            source.setCancelHandler { continuation.resume() }
            source.activate()
        }
    }
}
