import Dispatch

/// Tells when a process ended, before anybody collects its status.
enum ProcessEnd {
    /// How often the process is looked at where the kernel gives no process descriptors (Linux before 5.3).
    private static let pollingPause = Duration.milliseconds(100)

    /// Returns once a child has ended; until it is reaped its number, and that of its group, stay taken, so
    /// that a signal cannot hit a stranger.
    ///
    /// - Parameter descriptor: its process descriptor (pidfd_open(2)), or -1.
    static func wait(for process: Int32, descriptor: Int32) async {
        guard descriptor >= 0 else {
            while ProcessTable.isRunning(process) { try? await Task.sleep(for: pollingPause) }
            return
        }
        await withCheckedContinuation { (continuation: CheckedContinuation<Void, Never>) in
            let source = DispatchSource.makeReadSource(fileDescriptor: descriptor, queue: .global())
            source.setEventHandler { source.cancel() }
            source.setCancelHandler { continuation.resume() }
            source.activate()
        }
    }
}
