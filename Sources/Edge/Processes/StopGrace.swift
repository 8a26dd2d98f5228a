/// How long a process may take over each step of being stopped.
package struct StopGrace: Sendable, Equatable {
    /// From the end of its standard input to SIGTERM.
    package var afterInputClosed: Duration
    /// From SIGTERM to SIGKILL.
    package var afterTerminate: Duration

    /// The order that MCP prescribes for stdio (2025-11-25, lifecycle, shutdown), two seconds a step.
    package static let standard = StopGrace(afterInputClosed: .seconds(2), afterTerminate: .seconds(2))

    package init(afterInputClosed: Duration, afterTerminate: Duration) {
        self.afterInputClosed = afterInputClosed
        self.afterTerminate = afterTerminate
    }
}
